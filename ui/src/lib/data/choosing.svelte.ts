import { emptyProject, project, projectNow, replaceProject, type Project } from '$lib/app/project.svelte';
import { say, sayFailure } from '$lib/app/toasts.svelte';
import { engine, type Columns, type FileKind, type Setting } from '$lib/carrier';
import { t } from '$lib/messages';
import { withConfiguration } from './datasets';
import { choose, type Split } from './splits';

/** Endings of files that hold sequences; compressed ones end in `gz` and the like, whatever is inside. */
const ENDINGS = [
  ...['fa', 'fasta', 'fna', 'ffn', 'fq', 'fastq', 'csv', 'tsv', 'txt', 'xlsx', 'xls', 'ods'],
  ...['json', 'jsonl', 'parquet', 'gz', 'bz2', 'xz', 'zst', 'zip'],
];

/** What the system's dialog offers. */
export function sequenceFiles(): FileKind[] {
  return [{ name: t('data.file.sequences'), extensions: ENDINGS }];
}

/** Whether a path ends as files of sequences do. Names of folders may have a dot in them, too. */
export function endsAsSequences(path: string): boolean {
  return ENDINGS.includes(path.toLowerCase().split('.').pop() ?? '');
}

/** Takes files as the project's data, in the place of what was there. Columns and splits begin anew. */
export function takeData(paths: string[]): void {
  if (paths.length === 0) return;
  const before = projectNow();
  replaceProject({ ...before, ...noData(), data: paths });
  if (before.data.length === 0) return;
  say(t('data.file.replaced'), { action: { label: t('parts.undo'), run: () => replaceProject(before) } });
}

/** Takes one of the configurations of the Hub data set that the project names. */
export function takeConfiguration(configuration: string): void {
  const before = projectNow();
  const data = before.data.map((name) => withConfiguration(name, configuration));
  replaceProject({ ...before, ...noData(), data });
}

/** Takes another way to divide the records. Files that were chosen for the old one can be had back. */
export function takeSplit(split: Split, columns: Columns, settings: Setting[]): void {
  const before = projectNow();
  choose(project, split, columns, settings);
  if (before.validation.length + before.test.length === project.validation.length + project.test.length)
    return;
  say(t('data.split.dropped'), { action: { label: t('parts.undo'), run: () => replaceProject(before) } });
}

/** A project's fields about data, empty. */
function noData(): Pick<
  Project,
  'data' | 'validation' | 'test' | 'columns' | 'skip_invalid' | 'repair' | 'negatives' | 'split'
> {
  const { data, validation, test, columns, skip_invalid, repair, negatives, split } = emptyProject();
  return { data, validation, test, columns, skip_invalid, repair, negatives, split };
}

/** Takes the data out of the project. */
export function clearData(): void {
  const before = projectNow();
  replaceProject({ ...before, ...noData() });
  say(t('data.file.removed'), { action: { label: t('parts.undo'), run: () => replaceProject(before) } });
}

/** Lets the user pick files; empty where none were picked or it failed, which is said. */
export async function pick(several = true): Promise<string[]> {
  try {
    return await engine().pickFiles(sequenceFiles(), several);
  } catch (error) {
    sayFailure(error);
    return [];
  }
}
