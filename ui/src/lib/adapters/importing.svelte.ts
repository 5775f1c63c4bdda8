import { go } from '$lib/app/route.svelte';
import { say, sayFailure } from '$lib/app/toasts.svelte';
import { Working } from '$lib/app/working.svelte';
import { engine, Failure, type RunningJob } from '$lib/carrier';
import { fileName, t } from '$lib/messages';
import { readLibrary } from './library.svelte';
import { adapterName } from './names';
import { checks, merges } from './work.svelte';

/** The last import: under way, taken in, or refused. */
export const imported = new Working<'adapters.import'>();

/** Takes a folder, a zip archive or a repository of the Hub into the library, where it is shown then. */
export async function importAdapter(source: string): Promise<void> {
  await taken(imported.start('adapters.import', { source }));
}

/** Takes up an import that goes on since before this page was loaded. */
export function rejoinImport(job: RunningJob): void {
  if (!imported.loading) void taken(imported.rejoin(job));
}

async function taken(work: Promise<boolean>): Promise<void> {
  if (!(await work) || !imported.value) return;
  const { folder, check } = imported.value;
  await readLibrary();
  go('adapters', { adapter: folder });
  if (check) say(t('adapters.import.done', { name: adapterName(folder) }), { tone: 'fine' });
}

/** What was dropped, one after the other; the last one is shown. */
export async function importAll(sources: string[]): Promise<void> {
  // A browser hands over the files of a folder one by one, without the folder.
  const loose = engine().can.pickFolder ? undefined : sources.find((source) => !/\.zip$/i.test(source));
  if (loose !== undefined) {
    const message = t('adapters.import.loose', { name: fileName(loose) });
    const remedy = t('adapters.import.loose.remedy');
    imported.clear();
    return imported.fail(new Failure({ kind: 'usage', message, where: null, remedy }));
  }
  for (const source of sources) {
    await importAdapter(source);
    // Stopped by the user, the rest is not wanted either.
    if (imported.failure || imported.stopped) return;
  }
}

export async function importZip(): Promise<void> {
  const kinds = [{ name: 'ZIP', extensions: ['zip'] }];
  const paths = await engine()
    .pickFiles(kinds, false)
    .catch((error: unknown) => (sayFailure(error), []));
  await importAll(paths);
}

export async function importFolder(): Promise<void> {
  const path = await engine().pickFolder().catch(sayFailure);
  if (path) await importAdapter(path);
}

/** Puts an adapter into the system's trash, with a way back. */
export async function throwAway(folder: string): Promise<void> {
  try {
    await engine().call('adapters.trash', { folder });
  } catch (error) {
    return sayFailure(error);
  }
  merges.forget(folder);
  checks.forget(folder);
  go('adapters');
  await readLibrary();
  const back = async () => {
    await engine().call('adapters.restore', { folder }).catch(sayFailure);
    await readLibrary();
    go('adapters', { adapter: folder });
  };
  say(t('adapters.trash.done', { name: adapterName(folder) }), {
    action: { label: t('parts.undo'), run: () => void back() },
  });
}
