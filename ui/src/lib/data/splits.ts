import type { Project } from '$lib/app/project.svelte';
import type { Columns, Setting } from '$lib/carrier';

/** How records come to training, validation and test. */
export const splits = ['file', 'random', 'column', 'similarity', 'files'] as const;
export type Split = (typeof splits)[number];

/** The setting by which the engine is told to divide otherwise than the file says. */
export const SPLIT_SETTING = 'split_by';

/** The ways that can be chosen for this data with this engine. */
export function possible(columns: Columns, settings: Setting[]): Split[] {
  const choices = settings.find((setting) => setting.name === SPLIT_SETTING)?.choices ?? [];
  return splits.filter((split) => {
    if (split === 'file') return columns.split !== null;
    if (split === 'random') return columns.split === null || choices.includes('random');
    if (split === 'column') return columns.available.length > 2;
    return split === 'files' || choices.includes(split);
  });
}

/** The way that the project takes. */
export function chosen(project: Project, columns: Columns): Split {
  const setting = project.configuration.settings[SPLIT_SETTING];
  if (setting === 'similarity' || setting === 'random') return setting;
  if (project.split === 'files' || project.validation.length + project.test.length > 0) return 'files';
  if (project.split === 'column' || project.columns.group !== undefined) return 'column';
  return columns.split === null ? 'random' : 'file';
}

/** Changes the project so that it takes another way. What belongs to other ways only is taken back. */
export function choose(project: Project, split: Split, columns: Columns, settings: Setting[]): void {
  const known = settings.find((setting) => setting.name === SPLIT_SETTING)?.choices ?? [];
  project.split = split;
  if (split !== 'files') project.validation = project.test = [];
  if (split === 'column') project.columns.group ??= columns.group_candidates[0];
  else delete project.columns.group;
  if ((split === 'random' || split === 'similarity') && known.includes(split)) {
    project.configuration.settings[SPLIT_SETTING] = split;
  } else {
    delete project.configuration.settings[SPLIT_SETTING];
  }
}
