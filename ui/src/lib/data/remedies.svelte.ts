import { project, projectNow, replaceProject } from '$lib/app/project.svelte';
import { say } from '$lib/app/toasts.svelte';
import { t, textOf } from '$lib/messages';
import type { Finding } from '$lib/carrier';

/** Something that can be done about a finding in one click. */
export interface Remedy {
  label: string;
  run: () => void;
}

/** What can be done about a finding: the repairs that the engine names for it and that are not in force yet. */
export function remedies(finding: Finding & { repairs?: string[] }): Remedy[] {
  const open = (finding.repairs ?? []).filter((name) => !project.repairs.includes(name));
  return open.map((name) => ({ label: repairName(name), run: () => repair(name) }));
}

/** A repair in the user's language. */
export function repairName(name: string): string {
  return textOf(`data.repair.${name}`) ?? name;
}

/** Puts a repair in force. Files stay as they are: records are left out when they are read. */
export function repair(name: string): void {
  change(
    t('data.repaired', { what: repairName(name) }),
    () => (project.repairs = [...project.repairs, name]),
  );
}

/** Takes a repair back. */
export function takeBack(name: string): void {
  project.repairs = project.repairs.filter((one) => one !== name);
}

/** Leaves broken records out. */
export function skipInvalid(): void {
  change(t('data.repair.done'), () => (project.skip_invalid = true));
}

/** Changes the project, says so, and offers to undo it. */
function change(done: string, deed: () => void): void {
  const before = projectNow();
  deed();
  say(done, { tone: 'fine', action: { label: t('parts.undo'), run: () => replaceProject(before) } });
}
