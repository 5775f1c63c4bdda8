import { language } from './language.svelte';
import { figurePatterns, figures } from './zh/said/figures';
import { models } from './zh/said/models';
import { settings } from './zh/said/settings';
import { training, trainingPatterns } from './zh/said/training';

/**
 * Sentences that come from the engine, which speaks English: about models, settings and the like. In other languages they are
 * found by the English sentence; one without a translation is shown as it is.
 */
const chinese: Record<string, string> = { ...models, ...settings, ...figures, ...training };

/** Sentences with numbers and names in them. */
const chinesePatterns: [RegExp, string][] = [...figurePatterns, ...trainingPatterns];

/** What numbers stand beside. */
const chineseWords: Record<string, string> = { test: '测试', validation: '验证' };

/** A sentence of the engine in the user's language. */
export function said(english: string): string {
  if (language() !== 'zh') return english;
  const known = chinese[english];
  if (known !== undefined) return known;
  for (const [pattern, translation] of chinesePatterns) {
    const found = pattern.exec(english);
    if (!found) continue;
    return translation.replace(/\$(\d+)/g, (_, group: string) => {
      const part = found[Number(group)] ?? '';
      return chineseWords[part] ?? chinese[part] ?? part;
    });
  }
  return english;
}
