import { engine } from '$lib/carrier';

let found: Promise<string> | undefined;

/** The name of the model inside the program. */
export function embeddedModel(): Promise<string> {
  found ??= engine()
    .call('model.list', {})
    .then(({ models }) => models.find((model) => model.source === 'embedded')?.name ?? '');
  found.catch(() => (found = undefined));
  return found;
}
