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
import { Pages } from './pages.svelte';

/** How often new rows are shown, in milliseconds: more often, and the table would be too restless to read. */
const SHOWN_EVERY = 400;

/** What is to be predicted with what. */
export const asked = $state<{
  adapter: string | undefined;
  input: string[];
  text: string | undefined;
  /** Give a record that cannot be read a row with a note, instead of stopping there. */
  go_on: boolean;
  max_length: number | undefined;
}>({ adapter: undefined, input: [], text: undefined, go_on: true, max_length: undefined });

export const hasInput = (): boolean => asked.input.length > 0 || asked.text !== undefined;

/** Where this page remembers across a reload which prediction it began: another page's is shown, and never ended unasked. */
const OWN = 'episome.prediction';

/** The prediction under way or done. It goes on while other screens are shown. */
class Prediction {
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

  start(): void {
    if (asked.adapter === undefined || !hasInput() || this.running) return;
    this.forget();
    const request = {
      adapter: asked.adapter,
      input: [...asked.input],
      strict: !asked.go_on,
      ...(asked.text === undefined ? {} : { text: asked.text }),
      ...(asked.max_length === undefined ? {} : { max_length: asked.max_length }),
    };
    this.#run((listener) => engine().follow('predict.start', request, listener), 0);
    this.#own = true;
    void this.#work?.name.then((name) => sessionStorage.setItem(OWN, name));
  }

  /** Takes up a prediction that goes on since before this page was loaded. */
  rejoin({ job, request, progress, seconds }: RunningJob): void {
    if (this.state !== 'none') return;
    const { adapter, input, text, strict, max_length } = request as PredictionRequest;
    Object.assign(asked, { adapter, input: input ?? [], text, go_on: !strict, max_length });
    this.#run((listener) => engine().rejoin(job, listener), seconds);
    this.#own = sessionStorage.getItem(OWN) === job;
    if (progress) this.counts = progress as PredictionProgress;
  }

  /** Runs what `begin` starts; it has taken `seconds` so far. */
  #run(begin: (listener: Listener<'predict.start'>) => Job, seconds: number): void {
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
      if (this.#work !== work) return;
      this.job = name;
      this.pages.open(name);
    });
  }

  cancel(): void {
    this.#work?.cancel();
  }

  /** Takes everything back to the beginning; the engine may forget its rows. */
  forget(): void {
    const work = this.#work;
    if (work) {
      if (this.running && this.#own) work.cancel();
      work.leave();
      // What stays behind is swept by the engine.
      if (this.#own) void work.name.then((job) => engine().call('predict.forget', { job })).catch(() => {});
    }
    this.#work = undefined;
    clearInterval(this.#timer);
    this.pages.open(undefined);
    this.job = undefined;
    this.state = 'none';
    this.counts = undefined;
    this.answer = undefined;
    this.failure = undefined;
    this.seconds = 0;
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

export const prediction = new Prediction();

/** Takes files or pasted text to predict, in the place of what was there; with an adapter chosen it begins at once. */
export function takeInput(input: string[], text?: string): void {
  if (input.length === 0 && text === undefined) return;
  prediction.forget();
  asked.input = [...new Set(input)];
  asked.text = text;
  prediction.start();
}
