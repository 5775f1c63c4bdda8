import type { Commands, Jobs } from '../bindings';

/** A command that answers at once. */
export type Command = keyof Commands;
/** A command that works for a while and tells about it. */
export type JobCommand = keyof Jobs;

/** Hears what a job tells. Exactly one of `done` and `failed` comes, and it comes last. */
export interface Listener<C extends JobCommand> {
  progress?: (progress: Jobs[C]['progress']) => void;
  done?: (answer: Jobs[C]['answer']) => void;
  failed?: (error: unknown) => void;
}

/** A job under way. */
export interface Job {
  /** The engine's name for it, by which other commands speak of it; it never comes where the job could not be started. */
  readonly name: Promise<string>;
  /** Listens no more. The work itself goes on, unless its command says otherwise. */
  leave(): void;
  /** Asks the engine to stop the work at the next safe point; `failed` then hears of it (kind `interrupted`). */
  cancel(): void;
}

/** Names of files that a dialog offers, such as `{ name: 'Sequences', extensions: ['fa', 'csv'] }`. */
export interface FileKind {
  name: string;
  extensions: string[];
}

/** Hears of files that are dragged over the window and dropped on it. */
export interface Dropping {
  /** Whether files hover over the window. */
  over(hovering: boolean): void;
  /** Paths that the engine can read. */
  dropped(paths: string[]): void;
  /** How much of the files has been handed over, from 0 to 1, where that takes time; none when it is done. */
  handing(share: number | undefined): void;
  /** The files could not be handed over. */
  failed(error: unknown): void;
}

/** What the carrier can do beside calling the engine. */
export interface Abilities {
  /** Folders can be picked in the system's own dialog. */
  pickFolder: boolean;
  /** The user picks in the system's own dialog where a file is saved. */
  saveAs: boolean;
  /** A file can be shown in the system's file manager. */
  reveal: boolean;
}

/** The one way to the engine: the window's own messages, or HTTP to `episome serve`. */
export interface Carrier {
  readonly can: Abilities;
  /** Asks the engine. Throws a `Failure`. */
  call<C extends Command>(command: C, request: Commands[C]['request']): Promise<Commands[C]['answer']>;
  /** Starts a job and listens to it. */
  follow<C extends JobCommand>(command: C, request: Jobs[C]['request'], listener: Listener<C>): Job;
  /** Listens to a job that goes on already, such as one that was started before the page was loaded anew. */
  rejoin<C extends JobCommand>(job: string, listener: Listener<C>): Job;
  /** Lets the user pick files; empty where nothing was picked. */
  pickFiles(kinds: FileKind[], several: boolean): Promise<string[]>;
  /** Lets the user pick a folder; none where nothing was picked or `can.pickFolder` is false. */
  pickFolder(): Promise<string | undefined>;
  /** Where to save; none where the user thought better of it or `can.saveAs` is false. */
  saveAs(suggested: string, kinds: FileKind[]): Promise<string | undefined>;
  /** Shows a file in the system's file manager. */
  reveal(path: string): Promise<void>;
  /** Opens a page in the user's browser. */
  openPage(address: string): Promise<void>;
  /** Shows the page of a run's report: the window opens it in the system's browser, the browser downloads it. */
  openReport(path: string): Promise<void>;
  /** Gives the user a file that the engine wrote: the browser downloads it, the window shows where it is. */
  hand(path: string): Promise<void>;
  /** Listens to dropped files until the answer is called. */
  onDrop(dropping: Dropping): () => void;
}
