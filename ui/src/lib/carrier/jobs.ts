import type { Job, JobCommand, Listener } from './carrier';
import { Failure } from './failure';
import type { Message } from '../bindings';

type AnyListener = Listener<JobCommand>;

/** Which listener belongs to which job. A job may tell something before its name is known here: that is kept. */
export class JobBoard {
  #listeners = new Map<string, AnyListener>();
  #early = new Map<string, Message[]>();
  #starting = 0;

  /** Starts a job by `begin`, which answers with its name, and can end it by `cancel`. */
  start<C extends JobCommand>(
    begin: () => Promise<{ job: string }>,
    cancel: (job: string) => Promise<unknown>,
    listener: Listener<C>,
  ): Job {
    let unwanted = false;
    let left = false;
    let name: string | undefined;
    let tellName: (name: string) => void = () => {};
    const named = new Promise<string>((resolve) => (tellName = resolve));
    this.#starting += 1;
    begin()
      .then(
        ({ job }) => {
          name = job;
          tellName(job);
          if (unwanted) void cancel(job);
          if (left) return;
          this.#listeners.set(job, listener as unknown as AnyListener);
          for (const message of this.#early.get(job) ?? []) this.take(message);
        },
        (error: unknown) => {
          if (!left) listener.failed?.(error);
        },
      )
      .finally(() => {
        this.#starting -= 1;
        if (this.#starting === 0) this.#early.clear();
      });
    return {
      name: named,
      leave: () => {
        left = true;
        if (name !== undefined) this.#listeners.delete(name);
      },
      cancel: () => {
        unwanted = true;
        if (name !== undefined) void cancel(name);
      },
    };
  }

  /** Nothing is heard of any job any more: each fails for its listener. */
  fail(error: unknown): void {
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    listeners.forEach((listener) => listener.failed?.(error));
  }

  /** Listens to a job that goes on already; `listen` has the engine tell its messages here from now on. */
  rejoin<C extends JobCommand>(
    job: string,
    listen: (job: string) => Promise<unknown>,
    cancel: (job: string) => Promise<unknown>,
    listener: Listener<C>,
  ): Job {
    return this.start(() => listen(job).then(() => ({ job })), cancel, listener);
  }

  /** Hands a message to its listener. */
  take(message: Message): void {
    const listener = this.#listeners.get(message.job);
    if (!listener) {
      if (this.#starting > 0)
        this.#early.set(message.job, [...(this.#early.get(message.job) ?? []), message]);
      return;
    }
    const { event } = message;
    if (event.type === 'progress') {
      listener.progress?.(event.progress as never);
      return;
    }
    this.#listeners.delete(message.job);
    if (event.type === 'done') listener.done?.(event.answer as never);
    else listener.failed?.(new Failure(event.error));
  }
}
