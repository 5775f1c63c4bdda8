import { Asked } from '$lib/app/asked.svelte';
import { projectNow } from '$lib/app/project.svelte';
import { Working } from '$lib/app/working.svelte';
import { engine, type DataRequest, type DataRows } from '$lib/carrier';

/** Rows that the table with the columns' roles shows. */
const ROWS = 40;

/** What the engine found in the project's data; the screens Data, Model and Train share it. */
export const inspection = new Working<'data.inspect'>();

/** The first rows of the project's data, as the file has them. */
export const preview = new Asked<DataRows>();

/** How well short words alone tell the classes of the project's data apart. */
export const shortcut = new Working<'data.kmer_shortcut'>();

/** The project's data as a request. */
export function dataRequest(): DataRequest {
  const { data, validation, test, columns, skip_invalid, repair } = projectNow();
  return { data, validation, test, columns, skip_invalid, repair };
}

/** The same with the model, which decides which letters are kept, as a training with it will. */
export function lookRequest(): DataRequest {
  const { model } = projectNow();
  return { ...dataRequest(), ...(model === null ? {} : { model }) };
}

/** The data that all three are about. */
let about = '';
let inspected = '';
let previewed = '';
let measured = '';
let again = $state(0);

/** Counts the times that the same data was looked at again since its files may have changed. */
export function looksAgain(): number {
  return again;
}

/** Looks at the data whenever it changed since the last look. Called by screens that need to know, inside a component. */
export function keepInspecting(): void {
  $effect(() => lookAt(lookRequest()));
  $effect(() => previewRows(dataRequest().data));
}

/** Looks at the data, unless that was its last look. What other data held is forgotten at once. */
export function lookAt(request: DataRequest): void {
  const asked = JSON.stringify(request);
  if (asked === inspected) return;
  inspected = asked;
  const data = JSON.stringify(request.data);
  const same = data === about;
  about = data;
  if (!same) forgetRows();
  if (request.data.length === 0) return inspection.clear();
  void inspection.start('data.inspect', request, same);
}

/** Shows the first rows of data that was looked at: what is on the Hub comes here with that. */
export function previewRows(data: string[]): void {
  const ready = inspection.value !== undefined && !inspection.loading && !inspection.failure;
  const asked = JSON.stringify(data);
  if (!ready || asked === previewed || data.length === 0) return;
  previewed = asked;
  void preview.ask(() => engine().call('data.rows', { data, limit: ROWS }));
}

function forgetRows(): void {
  previewed = '';
  preview.clear();
}

/** Looks again at the same data: after a failure, or since its files have changed. */
export function inspectAgain(): void {
  again += 1;
  previewed = '';
  void inspection.start('data.inspect', lookRequest(), true);
}

/** Asks again for the first rows, after that failed. */
export function previewAgain(): void {
  forgetRows();
  previewRows(dataRequest().data);
}

/** Measures the shortcut of data that was looked at, once. Called inside a component. */
export function keepMeasuring(): void {
  $effect(() => {
    const request = lookRequest();
    const asked = JSON.stringify(request);
    if (asked === measured || !inspection.value || inspection.loading || inspection.failure) return;
    measured = asked;
    void shortcut.start('data.kmer_shortcut', request);
  });
}

/** Measures again, after it was stopped or failed. */
export function measureAgain(): void {
  void shortcut.start('data.kmer_shortcut', lookRequest());
}
