import { Failure, type Job } from '$lib/carrier';
import { startPredicting, type Predicted, type PredictCounts, type PredictProgress } from './commands';
import type { Row } from './rows';

/** Rows that the window keeps; all of them are in the engine's file. */
export const KEPT = 500_000;
/** How often new rows are shown, in milliseconds: more often, and the table would do nothing but follow. */
const SHOWN_EVERY = 200;

/** What is to be predicted with what. */
export const asked = $state<{
  adapter: string | undefined;
  input: string[];
  skip_invalid: boolean;
  max_length: number | undefined;
}>({ adapter: undefined, input: [], skip_invalid: true, max_length: undefined });

/** The prediction under way or done. It goes on while other screens are shown. */
class Prediction {
  state = $state<'none' | 'running' | 'done' | 'stopped' | 'failed'>('none');
  labels = $state.raw<string[]>([]);
  counts = $state.raw<PredictCounts | undefined>();
  /** The rows so far. A new array whenever there are more. */
  rows = $state.raw<Row[]>([]);
  /** Rows predicted for each label. */
  perLabel = $state.raw<number[]>([]);
  answer = $state.raw<Predicted | undefined>();
  failure = $state.raw<Failure | undefined>();
  /** Seconds that it has taken. */
  seconds = $state(0);
  #job: Job | undefined;
  #gathered: Row[] = [];
  #tally: number[] = [];
  #latest: PredictProgress | undefined;
  #began = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  get running(): boolean {
    return this.state === 'running';
  }

  start(): void {
    if (asked.adapter === undefined || asked.input.length === 0 || this.running) return;
    this.forget();
    this.state = 'running';
    this.#began = performance.now();
    this.#timer = setInterval(() => this.#show(), SHOWN_EVERY);
    const request = {
      adapter: asked.adapter,
      input: [...asked.input],
      skip_invalid: asked.skip_invalid,
      ...(asked.max_length === undefined ? {} : { max_length: asked.max_length }),
    };
    this.#job = startPredicting(request, {
      progress: (progress) => this.#take(progress),
      done: (answer) => {
        this.answer = answer;
        this.#end('done');
      },
      failed: (error) => {
        const failure = Failure.of(error);
        if (failure.kind !== 'interrupted') this.failure = failure;
        this.#end(failure.kind === 'interrupted' ? 'stopped' : 'failed');
      },
    });
  }

  cancel(): void {
    this.#job?.cancel();
  }

  /** Takes everything back to the beginning. */
  forget(): void {
    this.#job?.cancel();
    this.#job?.leave();
    this.#job = undefined;
    clearInterval(this.#timer);
    this.#gathered = [];
    this.#tally = [];
    this.#latest = undefined;
    this.state = 'none';
    this.labels = [];
    this.counts = undefined;
    this.rows = [];
    this.perLabel = [];
    this.answer = undefined;
    this.failure = undefined;
    this.seconds = 0;
  }

  #take(progress: PredictProgress): void {
    this.#latest = progress;
    for (const { label, ...row } of progress.rows) {
      if (label !== null) this.#tally[label] = (this.#tally[label] ?? 0) + 1;
      if (this.#gathered.length < KEPT) this.#gathered.push({ ...row, best: label });
    }
  }

  #show(): void {
    this.seconds = (performance.now() - this.#began) / 1000;
    const latest = this.#latest;
    if (!latest) return;
    this.#latest = undefined;
    this.labels = latest.labels;
    this.counts = latest;
    this.perLabel = latest.labels.map((_, label) => this.#tally[label] ?? 0);
    this.rows = this.#gathered.slice();
  }

  #end(state: 'done' | 'stopped' | 'failed'): void {
    clearInterval(this.#timer);
    this.#show();
    if (this.answer) this.seconds = this.answer.seconds;
    this.state = state;
  }
}

export const prediction = new Prediction();

/** Takes files to predict, in the place of those before; with an adapter chosen it begins at once. */
export function takeInput(paths: string[]): void {
  if (paths.length === 0) return;
  prediction.forget();
  prediction.start();
}
