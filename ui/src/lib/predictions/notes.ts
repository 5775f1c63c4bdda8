import { fileName, said, t } from '$lib/messages';

/** A note in the user's language, without the folders of the files that it names. */
export function noteText(note: string, input: string[]): string {
  // Pasted text is a file of the engine's, whose name says nothing.
  const named = note.replace(/^[^,]*[\\/]predictions[\\/][\w-]+\.txt(?=, line)/, t('predictions.pasted'));
  return said(input.reduce((text, path) => text.replaceAll(path, fileName(path)), named));
}
