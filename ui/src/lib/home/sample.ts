import { begin } from '$lib/app/progress.svelte';
import { emptyProject, replaceProject } from '$lib/app/project.svelte';
import { go } from '$lib/app/route.svelte';
import { engine } from '$lib/carrier';
import { t } from '$lib/messages';

/** Trains the embedded model on the sample project with the quickest preset, and goes to where it can be watched. */
export async function trainOnSample(model: string): Promise<void> {
  const [sample, method] = await Promise.all([
    engine().call('home.sample', {}),
    engine().call('method.describe', {}),
  ]);
  const preset = method.presets[0]?.name;
  const configuration = { settings: {}, ...(preset === undefined ? {} : { preset }) };
  const data = { data: sample.data };
  const { run } = await engine().call('training.start', {
    name: t('home.sample.name'),
    data,
    model,
    configuration,
  });
  replaceProject({ ...emptyProject(), ...data, model, configuration });
  begin(run);
  go('train', { run });
}
