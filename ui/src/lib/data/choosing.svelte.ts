import { emptyProject, projectNow, replaceProject, type Project } from '$lib/app/project.svelte';
import { say, sayFailure } from '$lib/app/toasts.svelte';
import { engine, type FileKind } from '$lib/carrier';
import { t } from '$lib/messages';

/** What the system's dialog offers. Compressed files end in `gz` and the like, whatever is inside. */
export function sequenceFiles(): FileKind[] {
  const plain = ['fa', 'fasta', 'fna', 'ffn', 'fq', 'fastq', 'csv', 'tsv', 'txt', 'xlsx', 'xls', 'ods'];
  const others = ['json', 'jsonl', 'parquet', 'gz', 'bz2', 'xz', 'zst', 'zip'];
  return [{ name: t('data.file.sequences'), extensions: [...plain, ...others] }];
}

/** Takes files as the project's data, in the place of what was there. Columns and splits begin anew. */
export function takeData(paths: string[]): void {
  if (paths.length === 0) return;
  const before = projectNow();
  replaceProject({ ...before, ...noData(), data: paths });
  if (before.data.length === 0) return;
  say(t('data.file.replaced'), { action: { label: t('parts.undo'), run: () => replaceProject(before) } });
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
