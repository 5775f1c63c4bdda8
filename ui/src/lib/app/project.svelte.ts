import type { ColumnChoice, Configuration, Repair, SettingValue } from '$lib/carrier';
import { t } from '$lib/messages';
import { Draft } from './draft.svelte';
import { say } from './toasts.svelte';

/** What the user has put together for the next training. Saved as it changes; the engine keeps it as a draft. */
export interface Project {
  /** Files, a folder, or a Hub data set. */
  data: string[];
  /** Files that choose the checkpoint, and files that are scored once. */
  validation: string[];
  test: string[];
  /** The columns, where they are not guessed. */
  columns: ColumnChoice;
  skip_invalid: boolean;
  /** Repairs in force. */
  repair: Repair[];
  /** Where the negatives come from, as the user says; one of `negatives` in `$lib/data/negatives`. */
  negatives: string | null;
  /** How the records are divided, where the other fields leave it open; one of `splits` in `$lib/data/splits`. */
  split: string | null;
  /** The base model: the embedded one's name, a folder, or a Hub id. */
  model: string | null;
  revision: string | null;
  /** The method's preset and every setting that differs from it, by its name; the split's settings are among them. */
  configuration: Configuration & { settings: Record<string, SettingValue> };
  /** What the next run is to be called; empty: after its data. */
  name: string;
  /** The run that was started last. */
  run: string | null;
}

/** A fresh project. */
export function emptyProject(): Project {
  return {
    data: [],
    validation: [],
    test: [],
    columns: {},
    skip_invalid: false,
    repair: [],
    negatives: null,
    split: null,
    model: null,
    revision: null,
    configuration: { settings: {} },
    name: '',
    run: null,
  };
}

/** The project that the screens Data, Model, Method and Train are about. Change its fields; saving follows by itself. */
export const project = $state<Project>(emptyProject());

/** The project as it stands, apart from further changes. */
export function projectNow(): Project {
  // By way of unknown: values that nest in themselves are too deep for the compiler.
  return $state.snapshot<unknown>(project) as Project;
}

/** Puts another project in its place, or a fresh one. */
export function replaceProject(next: Project): void {
  Object.assign(project, next);
}

// Nothing of two windows is lost: the other one's is shown, and this one's can be had back.
const draft = new Draft<Project>('project', (theirs, mine) => {
  replaceProject({ ...emptyProject(), ...theirs });
  const action = { label: t('shell.project.mine'), run: () => replaceProject(mine) };
  say(t('shell.project.changed'), { tone: 'fix', action });
});

/** Finds the project of the last time, tells when it is there, and keeps saving it. Called once, inside a component. */
export function keepProject(found: () => void): void {
  draft.keep(projectNow, (before) => {
    if (before) replaceProject({ ...emptyProject(), ...before });
    found();
  });
}
