import {
  engine,
  Failure,
  type Job,
  type JobCommand,
  type Jobs,
  type Listener,
  type RunningJob,
} from '$lib/carrier';

/**
 * A job of the engine as a screen shows it: under way with its progress, done, or failed. One that the user stopped is
 * neither. A new start stops the one before.
 */
export class Working<C extends JobCommand> {
  value = $state.raw<Jobs[C]['answer'] | undefined>();
  failure = $state.raw<Failure | undefined>();
  progress = $state.raw<Jobs[C]['progress'] | undefined>();
  loading = $state(false);
  /** The user stopped it. */
  stopped = $state(false);
  #job: Job | undefined;

  /** Starts the job; true when it came to its end. With `keep` the last answer stays until the new one is there. */
  start(command: C, request: Jobs[C]['request'], keep = false): Promise<boolean> {
    const value = keep ? this.value : undefined;
    this.clear();
    this.value = value;
    return this.#run((listener) => engine().follow(command, request, listener));
  }

  /** Takes up a job that goes on since before this page was loaded; true when it came to its end. */
  rejoin({ job, progress }: RunningJob): Promise<boolean> {
    this.clear();
    this.progress = (progress ?? undefined) as Jobs[C]['progress'] | undefined;
    return this.#run((listener) => engine().rejoin(job, listener));
  }

  #run(begin: (listener: Listener<C>) => Job): Promise<boolean> {
    this.loading = true;
    return new Promise((resolve) => {
      const end = (change: () => void, done: boolean) => {
        if (this.#job !== job) return resolve(false);
        this.loading = false;
        change();
        resolve(done);
      };
      const job: Job = begin({
        progress: (progress) => {
          if (this.#job === job) this.progress = progress;
        },
        done: (answer) => end(() => (this.value = answer), true),
        failed: (error) => end(() => this.fail(error), false),
      });
      this.#job = job;
    });
  }

  /** Shows a failure; none where the user stopped the work. */
  fail(error: unknown): void {
    const failure = Failure.of(error);
    this.stopped = failure.kind === 'interrupted';
    this.failure = this.stopped ? undefined : failure;
  }

  /** Stops the work at the next safe point. */
  cancel(): void {
    this.#job?.cancel();
  }

  /** Forgets the answer, and stops what is under way. */
  clear(): void {
    if (this.loading) this.#job?.cancel();
    this.#job = undefined;
    this.value = undefined;
    this.failure = undefined;
    this.progress = undefined;
    this.stopped = false;
    this.loading = false;
  }
}
