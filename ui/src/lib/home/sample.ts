import { engine } from '$lib/carrier';
import { emptyProject, replaceProject } from '$lib/app/project.svelte';
import { go } from '$lib/app/route.svelte';

/** Makes the sample project the user's project, with the embedded model, and goes on to its data. */
export async function trainOnSample(model: string): Promise<void> {
  const sample = await engine().call('home.sample', {});
  replaceProject({ ...emptyProject(), data: sample.data, model });
  go('data');
}
