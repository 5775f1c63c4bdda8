import { rejoinImport } from '$lib/adapters/importing.svelte';
import { rejoinUpload } from '$lib/adapters/uploads.svelte';
import { checks, merges } from '$lib/adapters/work.svelte';
import { engine, type JobCommand, type RunningJob } from '$lib/carrier';
import { rejoinDownload } from '$lib/model/downloads.svelte';
import { rejoinPrediction } from '$lib/predictions/prediction.svelte';

/** Who takes up which work. Looks at data are asked for anew by their screens, and trainings are followed by their runs. */
const takers: Partial<Record<JobCommand, (job: RunningJob) => void>> = {
  'predict.start': rejoinPrediction,
  'model.download': rejoinDownload,
  'adapters.upload': rejoinUpload,
  'adapters.import': rejoinImport,
  'adapters.merge': (job) => merges.rejoin(job),
  'adapters.check': (job) => checks.rejoin(job),
};

/** Takes up what goes on since before this page was loaded: it can be seen, and ended, again. Called once. */
export async function rejoinJobs(): Promise<void> {
  const { jobs } = await engine().call('jobs.list', {});
  // The newest first: of predictions a page shows one.
  for (const job of jobs.reverse()) takers[job.command as JobCommand]?.(job);
}
