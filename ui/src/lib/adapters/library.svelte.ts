import { Asked } from '$lib/app/asked.svelte';
import { engine, type AdapterSummary } from '$lib/carrier';
import { endsAsSequences } from '$lib/data/choosing.svelte';
import { isMeant } from './names';

/** The adapters in the folder of projects and wherever else the settings name. */
export const library = new Asked<AdapterSummary[]>();

export function readLibrary(): Promise<boolean> {
  return library.ask(async () => (await engine().call('adapters.list', {})).adapters);
}

/** Adapters and merged models in other folders, which the user named to predict with. */
export const elsewhere = $state<AdapterSummary[]>([]);

/** The adapter that a run or a folder means. */
export function adapterOf(asked: string | undefined): AdapterSummary | undefined {
  if (asked === undefined) return undefined;
  const all = [...(library.value ?? []), ...elsewhere];
  return all.find((adapter) => isMeant(adapter.folder, asked));
}

/** Looks into a folder that is to predict: a run, an adapter, or a merged model. Throws a `Failure`. */
export async function takeFolder(path: string): Promise<AdapterSummary> {
  const known = adapterOf(path);
  if (known) return known;
  const found = await engine().call('predict.model', { adapter: path });
  const before = adapterOf(found.folder);
  if (!before) elsewhere.push(found);
  return before ?? found;
}

/** The adapter or model whose folder was dropped; none where something else was. */
export async function adapterIn(paths: string[]): Promise<AdapterSummary | undefined> {
  const [path] = paths;
  if (path === undefined || paths.length > 1 || endsAsSequences(path)) return undefined;
  return takeFolder(path).catch(() => undefined);
}
