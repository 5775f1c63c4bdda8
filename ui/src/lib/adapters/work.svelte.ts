import { Working } from '$lib/app/working.svelte';

/** Jobs of a kind by the adapter's folder. They go on while other screens or adapters are shown. */
class Works<C extends 'adapters.merge' | 'adapters.check'> {
  #works = new Map<string, Working<C>>();

  /** That of an adapter: under way, done, failed, or not begun. */
  of(folder: string): Working<C> {
    const known = this.#works.get(folder) ?? new Working<C>();
    this.#works.set(folder, known);
    return known;
  }

  /** Stops and forgets that of an adapter, which is there no more. */
  forget(folder: string): void {
    this.#works.get(folder)?.clear();
    this.#works.delete(folder);
  }
}

export const merges = new Works<'adapters.merge'>();
export const checks = new Works<'adapters.check'>();
