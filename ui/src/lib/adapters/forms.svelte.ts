import { Draft } from '$lib/app/draft.svelte';

/** What the form of an upload holds. */
export class UploadForm {
  open = $state(false);
  /** The repository's name, where the proposed one was changed. */
  repository = $state<string>();
  visibility = $state<'private' | 'public'>('private');
  message = $state('');
  /** The base model's name on the Hub. */
  base = $state('');
  /** Whether paths are cut to their last part. */
  shorten = $state(false);
}

/** Forms by the adapter's folder: there again when one comes back to an adapter, or loads the page anew. */
const forms = new Map<string, UploadForm>();
const draft = new Draft<Record<string, Partial<UploadForm>>>('uploads');

export function uploadForm(folder: string): UploadForm {
  const form = forms.get(folder) ?? new UploadForm();
  forms.set(folder, form);
  return form;
}

/** Keeps the forms that are open, once `found` knows those of the last time. Called inside a component. */
export function keepForms(folder: () => string, found: () => void): void {
  const now = () => {
    const shown = folder();
    uploadForm(shown);
    const open = [...forms].filter(([, form]) => form.open);
    return Object.fromEntries(open.map(([place, form]) => [place, values(form)]));
  };
  draft.keep(now, (before) => {
    for (const [place, form] of Object.entries(before ?? {})) Object.assign(uploadForm(place), form);
    found();
  });
}

const values = ({ open, repository, visibility, message, base, shorten }: UploadForm) => ({
  open,
  visibility,
  message,
  base,
  shorten,
  ...(repository === undefined ? {} : { repository }),
});
