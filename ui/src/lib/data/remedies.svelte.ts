import { project, projectNow, replaceProject } from '$lib/app/project.svelte';
import { say } from '$lib/app/toasts.svelte';
import type { Finding, Repair } from '$lib/carrier';
import { t } from '$lib/messages';
import { SPLIT_SETTING } from './splits';

/** Something that can be done about a finding in one click. */
export interface Remedy {
  label: string;
  run: () => void;
}

/** What can be done about a finding and is not in force yet. */
export function remedies(finding: Finding): Remedy[] {
  if (finding.severity === 'fine') return [];
  const { kind, numbers } = finding;
  const copies = (numbers['exact'] ?? 0) + (numbers['reverse_complement'] ?? 0) > 0;
  const found: Remedy[] = [];
  if (kind === 'unlabelled') found.push(...repairing('unlabelled'));
  if (kind === 'contradictions' && (numbers['sequences'] ?? 0) > 0)
    found.push(...repairing('contradictions'));
  if (kind === 'ambiguity' && project.model === null && !project.skip_invalid) {
    found.push({ label: t('data.repair.unreadable'), run: skipInvalid });
  }
  if (kind === 'leak') found.push(...repairing('leaks'));
  if (kind === 'duplicates' && copies) found.push(...repairing('duplicates'));
  const alike = kind === 'near-leak' || (kind === 'duplicates' && (numbers['near'] ?? 0) > 0);
  if (alike && project.configuration.settings[SPLIT_SETTING] !== 'similarity') {
    found.push({ label: t('data.repair.similarity'), run: splitBySimilarity });
  }
  if (kind === 'missing-class' && project.configuration.settings[SPLIT_SETTING] === undefined) {
    found.push({ label: t('data.repair.random'), run: splitAtRandom });
  }
  return found;
}

function repairing(repair: Repair): Remedy[] {
  if (project.repair.includes(repair)) return [];
  const what = t(`data.repair.${repair}`);
  const run = () =>
    change(t('data.repaired', { what }), () => (project.repair = [...project.repair, repair]));
  return [{ label: what, run }];
}

function splitBySimilarity(): void {
  change(t('data.repair.similarity.done'), () => {
    project.split = 'similarity';
    project.configuration.settings[SPLIT_SETTING] = 'similarity';
  });
}

/** Every class in proportion in every part, whatever the file, a column or files of their own say. */
function splitAtRandom(): void {
  change(t('data.repair.random.done'), () => {
    project.validation = project.test = [];
    delete project.columns.group;
    project.split = 'random';
    project.configuration.settings[SPLIT_SETTING] = 'random';
  });
}

/** Takes a repair back. */
export function takeBack(repair: Repair): void {
  project.repair = project.repair.filter((one) => one !== repair);
}

/** Leaves broken records out. */
export function skipInvalid(): void {
  change(t('data.repair.done'), () => (project.skip_invalid = true));
}

/** Changes the project, says so, and offers to undo it. Files stay as they are: records are left out as they are read. */
function change(done: string, deed: () => void): void {
  const before = projectNow();
  deed();
  say(done, { tone: 'fine', action: { label: t('parts.undo'), run: () => replaceProject(before) } });
}
