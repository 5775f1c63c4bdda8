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

let inspected = '';
let previewed = '';
let measured = '';

/** Looks at the data whenever it changed since the last look. Called by screens that need to know, inside a component. */
export function keepInspecting(): void {
  $effect(() => {
    const request = dataRequest();
    const asked = JSON.stringify(request);
    if (asked === inspected) return;
    inspected = asked;
    if (request.data.length === 0) return inspection.clear();
    void inspection.start('data.inspect', request, true);
  });
  $effect(() => {
    const { data } = dataRequest();
    const asked = JSON.stringify(data);
    if (data.length === 0) preview.clear();
    // What is on the Hub comes here with the look at it.
    if (asked === previewed || !inspection.value || inspection.loading || inspection.failure) return;
    previewed = asked;
    void preview.ask(() => engine().call('data.rows', { data, limit: ROWS }));
  });
}

/** Looks again at the same data, after a failure. */
export function inspectAgain(): void {
  void inspection.start('data.inspect', dataRequest(), true);
}

/** Measures the shortcut of data that was looked at, once. Called inside a component. */
export function keepMeasuring(): void {
  $effect(() => {
    const request = dataRequest();
    const asked = JSON.stringify(request);
    if (asked === measured || !inspection.value || inspection.loading || inspection.failure) return;
    measured = asked;
    void shortcut.start('data.kmer_shortcut', request);
  });
}

/** Measures again, after it was stopped or failed. */
export function measureAgain(): void {
  void shortcut.start('data.kmer_shortcut', dataRequest());
}
