import { project } from '$lib/app/project.svelte';
import { say } from '$lib/app/toasts.svelte';
import { t } from '$lib/messages';

/** Makes a model the project's base. The choice before can be had back. */
export function useModel(name: string): void {
  const before = { model: project.model, revision: project.revision };
  if (before.model === name) return;
  project.model = name;
  project.revision = null;
  if (before.model === null) return;
  say(t('model.changed', { name }), {
    action: { label: t('parts.undo'), run: () => Object.assign(project, before) },
  });
}
