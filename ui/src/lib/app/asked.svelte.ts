import { Failure } from '$lib/carrier';

/**
 * An answer of the engine as a screen shows it: not there yet, there, or failed. An older question's late answer never
 * replaces a newer one's. While a new answer is awaited, the old one stays.
 */
export class Asked<T> {
  value = $state.raw<T | undefined>();
  failure = $state.raw<Failure | undefined>();
  loading = $state(false);
  #question = 0;

  /** Asks; true when this question was answered and no newer one was asked. */
  async ask(question: () => Promise<T>): Promise<boolean> {
    const number = ++this.#question;
    this.loading = true;
    try {
      const value = await question();
      if (number !== this.#question) return false;
      this.value = value;
      this.failure = undefined;
      return true;
    } catch (error) {
      if (number === this.#question) this.failure = Failure.of(error);
      return false;
    } finally {
      if (number === this.#question) this.loading = false;
    }
  }

  /** Forgets the answer and whatever is still to come. */
  clear(): void {
    this.#question += 1;
    this.value = undefined;
    this.failure = undefined;
    this.loading = false;
  }
}
