import type { Project } from '$lib/app/project.svelte';
import type { DataReport, Failure, Match } from '$lib/carrier';

/** What a training still lacks, in the order in which it is put right. */
export type Missing =
  | { what: 'data' }
  | { what: 'broken-data' }
  | { what: 'classes' }
  | { what: 'model' }
  | { what: 'modules' }
  | { what: 'settings'; first: string; count: number };

/** All that keeps a training from starting. */
export function missing(
  project: Pick<Project, 'data' | 'model'>,
  known: {
    report: DataReport | undefined;
    dataFailure: Failure | undefined;
    /** Names of settings that cannot be used. */
    wrong: string[];
    match: Match | undefined;
    /** The setting with which the engine found fault. */
    faulty: string | undefined;
  },
): Missing[] {
  const found: Missing[] = [];
  if (project.data.length === 0) found.push({ what: 'data' });
  else if (known.dataFailure) found.push({ what: 'broken-data' });
  else if (known.report && known.report.labels.length < 2) found.push({ what: 'classes' });
  if (project.model === null) found.push({ what: 'model' });
  const wrong = [...new Set([...known.wrong, ...(known.faulty ? [known.faulty] : [])])];
  const [first] = wrong;
  if (first !== undefined) found.push({ what: 'settings', first, count: wrong.length });
  else if (known.match?.matched_modules.length === 0) found.push({ what: 'modules' });
  return found;
}
