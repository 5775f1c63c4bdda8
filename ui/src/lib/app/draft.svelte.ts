import { onMount } from 'svelte';
import { engine } from '$lib/carrier';
import { Saver } from './saver';
import { sayFailure } from './toasts.svelte';

/** What is done where another window has changed a draft meanwhile. */
type Changed<T> = (theirs: Partial<T>, mine: T) => void;

/** Something that the user puts together: found again after a reload, and saved as it changes. */
export class Draft<T> {
  readonly #name: string;
  readonly #changed: Changed<T> | undefined;
  readonly #saver: Saver<T>;
  /** What it was when it was read or written last. */
  #revision: string | undefined;
  #read: Promise<Partial<T> | undefined> | undefined;

  /** Without `changed` the last window to write has its way. */
  constructor(name: string, changed?: Changed<T>) {
    this.#name = name;
    this.#changed = changed;
    this.#saver = new Saver((value) => this.#write(value), sayFailure);
  }

  /** What it was the last time; none where there is none, and from the second time on, when what is here is newer. */
  read(): Promise<Partial<T> | undefined> {
    const first = this.#read === undefined;
    this.#read ??= this.#ask().catch((error: unknown) => {
      sayFailure(error);
      return undefined;
    });
    return first ? this.#read : this.#read.then(() => undefined);
  }

  /** Saves it soon. */
  save(value: T): void {
    this.#saver.save(value);
  }

  async #ask(): Promise<Partial<T> | undefined> {
    const draft = await engine().call('drafts.read', { name: this.#name });
    this.#revision = draft.revision;
    return (draft.value as Partial<T> | null) ?? undefined;
  }

  async #write(value: T): Promise<void> {
    const guarded = this.#changed && this.#revision !== undefined ? { revision: this.#revision } : {};
    const answer = await engine().call('drafts.write', { name: this.#name, value, ...guarded });
    if (answer.written) this.#revision = answer.revision;
    else this.#changed?.((await this.#ask()) ?? {}, value);
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
      if (loaded) this.save(value);
    });
    onMount(() => {
      const flush = () => this.#saver.flush();
      window.addEventListener('pagehide', flush);
      return () => window.removeEventListener('pagehide', flush);
    });
  }
}
