import { SvelteMap } from 'svelte/reactivity';
import { project } from '$lib/app/project.svelte';
import { say } from '$lib/app/toasts.svelte';
import {
  engine,
  Failure,
  type DownloadProgress,
  type Job,
  type Listener,
  type RunningJob,
} from '$lib/carrier';
import { inspectAgain } from '$lib/data/inspection.svelte';
import { t } from '$lib/messages';
import { forgetFits } from './fits.svelte';

/** A download as it stands. What is here already stays here: paused and failed ones go on where they were. */
export interface Download {
  state: 'running' | 'paused' | 'failed';
  progress?: DownloadProgress;
  failure?: Failure;
}

/** Downloads by the model's name. They go on while other screens are shown. */
const downloads = new SvelteMap<string, Download>();
const jobs = new Map<string, Job>();

export function downloadOf(model: string): Download | undefined {
  return downloads.get(model);
}

/** Starts a download, or goes on with it; `done` hears when the model is here. */
export function startDownload(model: string, done: () => void): void {
  run(model, (listener) => engine().follow('model.download', { model }, listener), done);
}

/** Takes up a download that goes on since before this page was loaded. */
export function rejoinDownload({ job, request, progress }: RunningJob): void {
  const { model } = request as { model: string };
  if (downloads.has(model)) return;
  run(
    model,
    (listener) => engine().rejoin(job, listener),
    () => {},
    (progress ?? undefined) as DownloadProgress | undefined,
  );
}

function run(
  model: string,
  begin: (listener: Listener<'model.download'>) => Job,
  done: () => void,
  progress = downloads.get(model)?.progress,
): void {
  downloads.set(model, { state: 'running', progress });
  const change = (next: Partial<Download>) => {
    const now = downloads.get(model);
    if (now) downloads.set(model, { ...now, ...next });
  };
  jobs.set(
    model,
    begin({
      progress: (progress) => change({ progress }),
      done: () => {
        downloads.delete(model);
        jobs.delete(model);
        forgetFits(model);
        // Its letters decide now which records can be read.
        if (project.model === model && project.data.length > 0) inspectAgain();
        say(t('model.download.done', { name: model }), { tone: 'fine' });
        done();
      },
      failed: (error) => {
        const failure = Failure.of(error);
        change(failure.kind === 'interrupted' ? { state: 'paused' } : { state: 'failed', failure });
      },
    }),
  );
}

/** Stops a download so that it can go on later. */
export function pauseDownload(model: string): void {
  jobs.get(model)?.cancel();
}
