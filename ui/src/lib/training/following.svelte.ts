import { engine, Failure, type Job, type RunEvent, type TrainingState } from '$lib/carrier';
import { joined } from './course';

/** A run at work tells of itself every second. After that much silence, in milliseconds, it is asked anew. */
const SILENCE = 8000;

/** A run as it goes: everything that happened, and how it stands now. */
export class Following {
  readonly run: string;
  events = $state.raw<RunEvent[]>([]);
  state = $state.raw<TrainingState | undefined>();
  failure = $state.raw<Failure | undefined>();
  #job: Job | undefined;
  #heard = 0;
  #watch: ReturnType<typeof setInterval> | undefined;

  constructor(run: string) {
    this.run = run;
  }

  /** Listens; what is known already is not asked for again. */
  follow(): void {
    this.leave();
    this.failure = undefined;
    this.#heard = Date.now();
    this.#watch = setInterval(() => {
      if (this.state?.process != null && Date.now() - this.#heard > SILENCE) this.follow();
    }, SILENCE);
    this.#job = engine().follow(
      'training.follow',
      { run: this.run, from_line: this.events.length },
      {
        progress: ({ first_line, events, state }) => {
          this.#heard = Date.now();
          this.events = joined(this.events, first_line, events);
          this.state = state;
        },
        done: (state) => {
          this.state = state;
          this.#rest();
        },
        failed: (error) => {
          this.#rest();
          const failure = Failure.of(error);
          if (failure.kind !== 'interrupted') this.failure = failure;
        },
      },
    );
  }

  /** Listens no more. The run goes on. */
  leave(): void {
    this.#rest();
    this.#job?.cancel();
    this.#job?.leave();
    this.#job = undefined;
  }

  #rest(): void {
    clearInterval(this.#watch);
  }
}
