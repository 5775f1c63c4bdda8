/** Saves a value soon after it changed: once for many changes, one save at a time, and never an unchanged value. */
export class Saver<T> {
  #write: (value: T) => Promise<unknown>;
  #failed: (error: unknown) => void;
  #wait: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saved: string | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #waiting: (() => void) | undefined;

  constructor(write: (value: T) => Promise<unknown>, failed: (error: unknown) => void, wait = 400) {
    this.#write = write;
    this.#failed = failed;
    this.#wait = wait;
  }

  save(value: T): void {
    clearTimeout(this.#timer);
    this.#waiting = () => {
      this.#waiting = undefined;
      const text = JSON.stringify(value);
      if (text === this.#saved) return;
      this.#saved = text;
      this.#running = this.#running
        .then(() => this.#write(value))
        .catch((error: unknown) => {
          this.#saved = undefined;
          this.#failed(error);
        });
    };
    this.#timer = setTimeout(() => this.flush(), this.#wait);
  }

  /** Saves at once what still waits, since the window is about to close. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#waiting?.();
  }
}
