import { inspection } from '$lib/data/inspection.svelte';
import { engine } from '$lib/carrier';
import { project } from './project.svelte';
import type { steps } from './route.svelte';

type Step = (typeof steps)[number];

/** The run that the screens Train and Results were last about, and whether it has come to its end. */
export const lastRun = $state<{ folder: string | undefined; finished: boolean }>({
  folder: undefined,
  finished: false,
});

/** The run that was started, which the project remembers over a reload. */
export function begin(run: string): void {
  Object.assign(lastRun, { folder: run, finished: false });
  project.run = run;
}

/** Takes the project's run up again after a reload, unless a screen named one meanwhile. Called once. */
export function findLastRun(): void {
  const folder = project.run;
  if (folder === null) return;
  engine()
    .call('training.state', { run: folder })
    .then(
      ({ run }) => {
        if (lastRun.folder === undefined)
          Object.assign(lastRun, { folder, finished: run.state === 'finished' });
      },
      // It was moved or thrown away: then there is none.
      () => {},
    );
}

/** How far a step of the project is, and what its screen is to be told. */
export function progress(step: Step): { done: boolean; values: Record<string, string> } {
  const run: Record<string, string> = lastRun.folder ? { run: lastRun.folder } : {};
  switch (step) {
    case 'data':
      return { done: project.data.length > 0 && !inspection.failure, values: {} };
    case 'model':
      return { done: project.model !== null, values: {} };
    case 'method':
      return { done: lastRun.folder !== undefined, values: {} };
    case 'train':
      return { done: lastRun.finished, values: run };
    case 'results':
      return { done: lastRun.finished, values: run };
  }
}

/** Where a project that was begun goes on: its first step that is not done; none where there is none, or all is done. */
export function underWay(): { step: Step; values: Record<string, string> } | undefined {
  const begun = project.data.length > 0 || project.model !== null || lastRun.folder !== undefined;
  if (!begun || lastRun.finished) return undefined;
  // A run stands on its own: it is watched, whatever was changed for the next one.
  const order: Step[] = lastRun.folder === undefined ? ['data', 'model', 'method'] : ['train'];
  const step = order.find((one) => !progress(one).done);
  return step && { step, values: progress(step).values };
}
