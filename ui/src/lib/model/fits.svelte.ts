import { SvelteMap } from 'svelte/reactivity';
import { projectNow } from '$lib/app/project.svelte';
import { engine, Failure, type Fit, type FitRequest } from '$lib/carrier';
import { dataRequest, looksAgain } from '$lib/data/inspection.svelte';

/** How long an answer holds, in milliseconds: other programs take memory and give it back. */
const HOLDS = 60_000;

interface Known {
  answer: Fit | Failure;
  /** When it came. */
  at: number;
}
/** What a training needs here, by what was asked: measuring takes a second, so that it is not done for every glance. */
const known = new SvelteMap<string, Known>();
/** Questions that are waited for. One at a time: two measurements at once would both come out too slow. */
const waiting = new Map<string, { here: boolean }>();
let measuring = false;
let looked = 0;
let forgotten = $state(0);

/** Counts the times that answers were forgotten, so that what shows them asks again. */
export function fitsForgotten(): number {
  return forgotten + looksAgain();
}

/** The question for the project's data and method with this model; none while there is no data. */
export function fitQuestion(model: string): string | undefined {
  const data = dataRequest();
  if (data.data.length === 0) return undefined;
  return JSON.stringify({ model, data, configuration: projectNow().configuration } satisfies FitRequest);
}

/** The answer, as far as it is there. */
export function fitAnswer(question: string | undefined): Fit | Failure | undefined {
  return question === undefined ? undefined : known.get(question)?.answer;
}

/** Asks, unless the answer is there and holds. A failure is never taken for the last word: what it was about may be mended. */
export function askFit(question: string, here: boolean): void {
  if (looksAgain() !== looked) {
    looked = looksAgain();
    known.clear();
  }
  const last = known.get(question);
  const holds = last && !(last.answer instanceof Failure) && Date.now() - last.at < HOLDS;
  if (holds || waiting.has(question)) return;
  waiting.set(question, { here });
  if (!measuring) void measure();
}

/** Asks again, after a failure. */
export function askFitAgain(question: string, here: boolean): void {
  known.delete(question);
  askFit(question, here);
}

/** Forgets what is known of a model: it is here now, and can be measured. */
export function forgetFits(model: string): void {
  for (const question of [...known.keys()])
    if ((JSON.parse(question) as FitRequest).model === model) known.delete(question);
  forgotten += 1;
}

/** Models that are here go first. */
async function measure(): Promise<void> {
  measuring = true;
  for (;;) {
    const [question] = [...waiting].find(([, { here }]) => here) ?? [...waiting][0] ?? [];
    if (question === undefined) break;
    const request = JSON.parse(question) as FitRequest;
    const answer = await engine().call('model.fit', request).catch(Failure.of);
    known.set(question, { answer, at: Date.now() });
    waiting.delete(question);
  }
  measuring = false;
}
