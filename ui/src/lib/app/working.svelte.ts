import { engine, type Job, type JobCommand } from '$lib/carrier';
import type { Jobs } from '$lib/bindings';
import { Asked } from './asked.svelte';

/** A job of the engine as a screen shows it: how it gets on, and its answer. Beginning anew ends the older job. */
export class Working<C extends JobCommand> extends Asked<Jobs[C]['answer']> {
  progress = $state.raw<Jobs[C]['progress'] | undefined>();
  #job: Job | undefined;

  constructor(private readonly command: C) {
    super();
  }

  /** Begins; true when this job was answered and no newer one began. */
  begin(request: Jobs[C]['request']): Promise<boolean> {
    this.#abandon();
    return this.ask(
      () =>
        new Promise((done, failed) => {
          const progress = (told: Jobs[C]['progress']) => (this.progress = told);
          this.#job = engine().follow(this.command, request, { progress, done, failed });
        }),
    );
  }

  /** Asks the engine to stop; the failure then says that it did (kind `interrupted`). */
  stop(): void {
    this.#job?.cancel();
  }

  override clear(): void {
    this.#abandon();
    super.clear();
  }

  #abandon(): void {
    this.#job?.leave();
    if (this.loading) this.#job?.cancel();
    this.#job = undefined;
    this.progress = undefined;
  }
}
