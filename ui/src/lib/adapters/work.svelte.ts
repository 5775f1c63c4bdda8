import { Working } from '$lib/app/working.svelte';
import type { Jobs, RunningJob } from '$lib/carrier';

/** Jobs of a kind by the adapter's folder. They go on while other screens or adapters are shown. */
class Works<C extends 'adapters.merge' | 'adapters.check'> {
  #works = new Map<string, Working<C>>();

  /** That of an adapter: under way, done, failed, or not begun. */
  of(folder: string): Working<C> {
    const known = this.#works.get(folder) ?? new Working<C>();
    this.#works.set(folder, known);
    return known;
  }

  /** Takes up one that goes on since before this page was loaded. */
  rejoin(job: RunningJob): void {
    const work = this.of((job.request as Jobs[C]['request']).adapter);
    if (!work.loading) void work.rejoin(job);
  }

  /** Stops and forgets that of an adapter, which is there no more. */
  forget(folder: string): void {
    this.#works.get(folder)?.clear();
    this.#works.delete(folder);
  }
}

export const merges = new Works<'adapters.merge'>();
export const checks = new Works<'adapters.check'>();
