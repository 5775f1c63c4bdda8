import { project, projectNow, replaceProject } from '$lib/app/project.svelte';
import { say } from '$lib/app/toasts.svelte';
import type { DataReport, Finding } from '$lib/carrier';
import { t } from '$lib/messages';

/** Something that can be done about a finding in one click. */
export interface Remedy {
  label: string;
  run: () => void;
}

/** What can be done about a finding. */
export function remedies(finding: Finding, _report: DataReport): Remedy[] {
  void finding;
  return [];
}

/** Changes the project, says so, and offers to undo it. */
export function change(done: string, deed: () => void): void {
  const before = projectNow();
  deed();
  say(done, { tone: 'fine', action: { label: t('parts.undo'), run: () => replaceProject(before) } });
}

/** Leaves broken records out. */
export function skipInvalid(): void {
  change(t('data.repair.done'), () => (project.skip_invalid = true));
}
