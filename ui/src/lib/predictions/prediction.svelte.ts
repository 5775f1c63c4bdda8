import { say } from '$lib/app/toasts.svelte';
import {
  engine,
  Failure,
  type Job,
  type Listener,
  type PredictionProgress,
  type PredictionRequest,
  type PredictionSummary,
  type RunningJob,
} from '$lib/carrier';
import { t } from '$lib/messages';
import { asked, hasInput, type Asked } from './asked.svelte';
import { Pages } from './pages.svelte';

/** How often new rows are shown, in milliseconds: more often, and the table would be too restless to read. */
const SHOWN_EVERY = 400;

/** Where this page remembers across a reload which prediction it began: another page's is shown, and never ended unasked. */
const OWN = 'episome.prediction';

/** A prediction under way or done. It goes on while other screens are shown. */
export class Prediction {
  state = $state<'none' | 'running' | 'done' | 'stopped' | 'failed'>('none');
  counts = $state.raw<PredictionProgress | undefined>();
  answer = $state.raw<PredictionSummary | undefined>();
  failure = $state.raw<Failure | undefined>();
  /** Seconds that it has taken. */
  seconds = $state(0);
  /** Its name, by which its rows are asked for and saved. */
  job = $state<string | undefined>();
  readonly pages = new Pages();
  #work: Job | undefined;
  /** Whether this page began it. */
  #own = true;
  #began = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  get running(): boolean {
    return this.state === 'running';
  }

  /** Begins with the first record. */
  start({ adapter, input, text, go_on, max_length }: Asked & { adapter: string }): void {
    const request = {
      adapter,
      input: [...input],
      strict: !go_on,
      ...(text === undefined ? {} : { text }),
      ...(max_length === undefined ? {} : { max_length }),
    };
    const work = this.#run((listener) => engine().follow('predict.start', request, listener), 0);
    void work.name.then((name) => sessionStorage.setItem(OWN, name));
  }

  /** Takes up one that goes on already. */
  rejoin({ job, progress, seconds }: RunningJob): void {
    this.#own = sessionStorage.getItem(OWN) === job;
    if (progress) this.counts = progress as PredictionProgress;
    this.#run((listener) => engine().rejoin(job, listener), seconds);
  }

  /** Runs what `begin` starts; it has taken `seconds` so far. */
  #run(begin: (listener: Listener<'predict.start'>) => Job, seconds: number): Job {
    this.state = 'running';
    this.#began = performance.now() - seconds * 1000;
    this.#timer = setInterval(() => this.#look(), SHOWN_EVERY);
    const work = begin({
      progress: (progress) => (this.counts = progress),
      done: (answer) => {
        this.answer = answer;
        this.counts = answer;
        this.seconds = answer.seconds;
        this.#end(answer.complete ? 'done' : 'stopped');
      },
      failed: (error) => {
        const failure = Failure.of(error);
        if (failure.kind !== 'interrupted') this.failure = failure;
        this.#end(failure.kind === 'interrupted' ? 'stopped' : 'failed');
      },
    });
    this.#work = work;
    void work.name.then((name) => {
      this.job = name;
      this.pages.open(name);
    });
    return work;
  }

  cancel(): void {
    this.#work?.cancel();
  }

  /** Stops it, and lets the engine forget its rows, if it is this page's. It is of no use afterwards. */
  forget(): void {
    clearInterval(this.#timer);
    const work = this.#work;
    if (!work) return;
    if (this.running && this.#own) work.cancel();
    work.leave();
    // What stays behind is swept by the engine.
    if (this.#own) void work.name.then((job) => engine().call('predict.forget', { job })).catch(() => {});
  }

  #look(): void {
    this.seconds = (performance.now() - this.#began) / 1000;
    if (this.counts) void this.pages.refresh();
  }

  #end(state: 'done' | 'stopped' | 'failed'): void {
    clearInterval(this.#timer);
    this.state = state;
    // An error keeps no rows.
    if (state !== 'failed') void this.pages.refresh();
  }
}

let current = $state.raw(new Prediction());

/** The prediction that the screen shows. */
export function prediction(): Prediction {
  return current;
}

/** Predicts what is asked, once there is all that it takes. Rows of the prediction before give way. */
export function predict(): void {
  const { adapter } = asked;
  if (adapter === undefined || !hasInput() || current.running) return;
  clearPrediction();
  current.start({ ...asked, adapter });
}

/** Takes up a prediction that goes on since before this page was loaded, where none is shown. */
export function rejoinPrediction(job: RunningJob): void {
  if (current.state !== 'none') return;
  const { adapter, input, text, strict, max_length } = job.request as PredictionRequest;
  Object.assign(asked, { adapter, input: input ?? [], text, go_on: !strict, max_length });
  current.rejoin(job);
}

/** Takes everything back to the beginning. */
export function clearPrediction(): void {
  current.forget();
  current = new Prediction();
}

/**
 * Takes files or pasted text to predict, in the place of what was there; with an adapter chosen it begins at once. What was
 * predicted before, or is being predicted, is kept as long as it can be had back.
 */
export function takeInput(input: string[], text?: string): void {
  if (input.length === 0 && text === undefined) return;
  const before = { shown: current, input: asked.input, text: asked.text };
  current = new Prediction();
  asked.input = [...new Set(input)];
  asked.text = text;
  predict();
  if (before.shown.state === 'none' || before.shown.state === 'failed') return before.shown.forget();
  const back = () => {
    clearPrediction();
    current = before.shown;
    Object.assign(asked, { input: before.input, text: before.text });
  };
  say(t('predictions.replaced'), {
    action: { label: t('parts.undo'), run: back },
    gone: () => before.shown.forget(),
  });
}
