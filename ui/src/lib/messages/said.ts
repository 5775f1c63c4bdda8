import { language } from './language.svelte';
import { models } from './zh/said/models';
import { settings } from './zh/said/settings';

/**
 * Sentences that come from the engine, which speaks English: about models, settings and the like. In other languages they are
 * found by the English sentence; one without a translation is shown as it is.
 */
const chinese: Record<string, string> = { ...models, ...settings };

/** A sentence of the engine in the user's language. */
export function said(english: string): string {
  return language() === 'zh' ? (chinese[english] ?? english) : english;
}
