import { onMount } from 'svelte';
import { engine } from '$lib/carrier';
import { Saver } from './saver';
import { sayFailure } from './toasts.svelte';

/** Something that the user puts together: found again after a reload, and saved as it changes. */
export class Draft<T> {
  readonly #name: string;
  readonly #saver: Saver<T>;
  #read: Promise<Partial<T> | undefined> | undefined;

  constructor(name: string) {
    this.#name = name;
    this.#saver = new Saver((value) => engine().call('drafts.write', { name, value }), sayFailure);
  }

  /** What it was the last time; none where there is none, and from the second time on, when what is here is newer. */
  read(): Promise<Partial<T> | undefined> {
    const first = this.#read === undefined;
    this.#read ??= engine()
      .call('drafts.read', { name: this.#name })
      .then((draft) => (draft.value as Partial<T> | null) ?? undefined)
      .catch((error: unknown) => {
        sayFailure(error);
        return undefined;
      });
    return first ? this.#read : this.#read.then(() => undefined);
  }

  /** Keeps saving what `now` gives, once the draft of the last time was read. Called inside a component. */
  keep(now: () => T, found: (before: Partial<T> | undefined) => void): void {
    let loaded = false;
    void this.read().then((before) => {
      found(before);
      loaded = true;
    });
    $effect(() => {
      const value = now();
      if (loaded) this.#saver.save(value);
    });
    onMount(() => {
      const flush = () => this.#saver.flush();
      window.addEventListener('pagehide', flush);
      return () => window.removeEventListener('pagehide', flush);
    });
  }
}
