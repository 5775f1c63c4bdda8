import { SvelteMap } from 'svelte/reactivity';
import { say } from '$lib/app/toasts.svelte';
import {
  engine,
  Failure,
  type Job,
  type Listener,
  type RunningJob,
  type UploadAdapterRequest,
  type UploadedAdapter,
  type UploadStep,
} from '$lib/carrier';
import { t } from '$lib/messages';
import { uploadForm } from './forms.svelte';

/** An upload as it stands. */
export interface Upload {
  state: 'running' | 'done' | 'failed';
  progress?: UploadStep;
  done?: UploadedAdapter;
  failure?: Failure;
}

/** Uploads by the adapter's folder. They go on while other screens are shown. */
const uploads = new SvelteMap<string, Upload>();
const jobs = new Map<string, Job>();

export function uploadOf(folder: string): Upload | undefined {
  return uploads.get(folder);
}

export function startUpload(folder: string, request: Omit<UploadAdapterRequest, 'adapter'>): void {
  const asked = { ...request, adapter: folder };
  run(folder, (listener) => engine().follow('adapters.upload', asked, listener));
}

/** Takes up an upload that goes on since before this page was loaded. */
export function rejoinUpload({ job, request, progress }: RunningJob): void {
  const { adapter } = request as UploadAdapterRequest;
  if (uploads.has(adapter)) return;
  const told = (progress ?? undefined) as UploadStep | undefined;
  run(adapter, (listener) => engine().rejoin(job, listener), told);
}

function run(folder: string, begin: (listener: Listener<'adapters.upload'>) => Job, told?: UploadStep): void {
  uploads.set(folder, { state: 'running', ...(told ? { progress: told } : {}) });
  const job = begin({
    progress: (progress) => uploads.set(folder, { state: 'running', progress }),
    done: (done) => {
      uploads.set(folder, { state: 'done', done });
      uploadForm(folder).open = false;
      say(t('adapters.upload.done', { name: done.repository }), { tone: 'fine' });
    },
    failed: (error) => {
      const failure = Failure.of(error);
      if (failure.kind === 'interrupted') uploads.delete(folder);
      else uploads.set(folder, { state: 'failed', failure });
    },
  });
  jobs.set(folder, job);
}

export function stopUpload(folder: string): void {
  jobs.get(folder)?.cancel();
}

/** Forgets how an upload ended. */
export function clearUpload(folder: string): void {
  uploads.delete(folder);
}
