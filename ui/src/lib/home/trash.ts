import { sayFailure, say } from '$lib/app/toasts.svelte';
import { engine, type Run } from '$lib/carrier';
import { t } from '$lib/messages';

/** Moves a run to the trash, says so, and offers to have it back. */
export async function throwAway(run: Run, changed: () => void): Promise<void> {
  try {
    await engine().call('runs.trash', { run: run.folder });
  } catch (error) {
    return sayFailure(error);
  } finally {
    changed();
  }
  const back = () => engine().call('runs.restore', { run: run.folder }).catch(sayFailure).finally(changed);
  say(t('home.runs.trashed', { name: run.name }), {
    action: { label: t('parts.undo'), run: () => void back() },
  });
}
