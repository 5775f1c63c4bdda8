import { Asked } from '$lib/app/asked.svelte';
import { projectNow } from '$lib/app/project.svelte';
import { engine, type DataReport, type DataRequest, type DataRows } from '$lib/carrier';

/** Rows that the table with the columns' roles shows. */
const ROWS = 40;

/** What the engine found in the project's data; the screens Data, Model and Train share it. */
export const inspection = new Asked<DataReport>();

/** The first rows of the project's data, as the file has them. */
export const preview = new Asked<DataRows>();

/** The project's data as a request. */
export function dataRequest(): DataRequest {
  const { data, validation, test, columns, skip_invalid, repair } = projectNow();
  return { data, validation, test, columns, skip_invalid, repair };
}

let inspected = '';
let previewed = '';

/** Looks at the data whenever it changed since the last look. Called by screens that need to know, inside a component. */
export function keepInspecting(): void {
  $effect(() => {
    const request = dataRequest();
    const asked = JSON.stringify(request);
    if (asked === inspected) return;
    inspected = asked;
    if (request.data.length === 0) return inspection.clear();
    inspection.failure = undefined;
    void inspection.ask(() => engine().call('data.inspect', request));
  });
  $effect(() => {
    const { data } = dataRequest();
    const asked = JSON.stringify(data);
    if (asked === previewed) return;
    previewed = asked;
    if (data.length === 0) return preview.clear();
    void preview.ask(() => engine().call('data.rows', { data, limit: ROWS }));
  });
}

/** Looks again at the same data, after a failure. */
export function inspectAgain(): void {
  const request = dataRequest();
  void inspection.ask(() => engine().call('data.inspect', request));
}
