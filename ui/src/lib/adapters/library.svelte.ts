import { Asked } from '$lib/app/asked.svelte';
import { engine, type AdapterSummary } from '$lib/carrier';
import { isMeant } from './names';

/** The adapters in the folder of projects and wherever else the settings name. */
export const library = new Asked<AdapterSummary[]>();

export function readLibrary(): Promise<boolean> {
  return library.ask(async () => (await engine().call('adapters.list', {})).adapters);
}

/** The adapter that a run or a folder means. */
export function adapterOf(asked: string | undefined): AdapterSummary | undefined {
  if (asked === undefined) return undefined;
  return library.value?.find((adapter) => isMeant(adapter.folder, asked));
}
