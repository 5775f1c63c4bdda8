import { SvelteMap } from 'svelte/reactivity';
import { projectNow } from '$lib/app/project.svelte';
import { engine, Failure, type Fit, type FitRequest } from '$lib/carrier';
import { dataRequest } from '$lib/data/inspection.svelte';

/** What a training needs here, by what was asked: measuring takes a second, so that nothing is measured twice. */
const known = new SvelteMap<string, Fit | Failure>();
const asked = new Set<string>();
/** One at a time: two measurements at once would both come out too slow. Models that are here go first. */
const waiting: { question: string; here: boolean }[] = [];
let measuring = false;

/** The question for the project's data and method with this model; none while there is no data. */
export function fitQuestion(model: string): string | undefined {
  const data = dataRequest();
  if (data.data.length === 0) return undefined;
  return JSON.stringify({ model, data, configuration: projectNow().configuration } satisfies FitRequest);
}

/** The answer, as far as it is there. */
export function fitAnswer(question: string | undefined): Fit | Failure | undefined {
  return question === undefined ? undefined : known.get(question);
}

/** Asks, unless that was asked before. */
export function askFit(question: string, here: boolean): void {
  if (asked.has(question)) return;
  asked.add(question);
  waiting.push({ question, here });
  if (!measuring) void measure();
}

async function measure(): Promise<void> {
  measuring = true;
  for (;;) {
    const next = waiting.find((one) => one.here) ?? waiting[0];
    if (!next) break;
    waiting.splice(waiting.indexOf(next), 1);
    try {
      known.set(next.question, await engine().call('model.fit', JSON.parse(next.question) as FitRequest));
    } catch (error) {
      known.set(next.question, Failure.of(error));
      // What kept this one from being looked up may pass: it is asked again when it is next shown.
      if (!next.here) asked.delete(next.question);
    }
  }
  measuring = false;
}
