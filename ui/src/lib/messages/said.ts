import { inWindow } from './en/said';
import { language, type Language } from './language.svelte';
import { adapters } from './zh/said/adapters';
import { errors, placePatterns } from './zh/said/errors';
import { files } from './zh/said/files';
import { figurePatterns, figures } from './zh/said/figures';
import { hub } from './zh/said/hub';
import { models } from './zh/said/models';
import { predictions } from './zh/said/predictions';
import { settings } from './zh/said/settings';
import { shell } from './zh/said/shell';
import { training, trainingPatterns } from './zh/said/training';
import { weights } from './zh/said/weights';

/**
 * Sentences that come from the engine, which speaks English: about models, settings, failures, the course of a training. They
 * are found by the English sentence, in which `{name}` stands for anything; one without a translation is shown as it is.
 * English ones are changed where they name the command line, which the window has not.
 */
const sentences: Record<Language, Record<string, string>> = {
  en: inWindow,
  zh: {
    ...models,
    ...weights,
    ...settings,
    ...figures,
    ...files,
    ...training,
    ...predictions,
    ...adapters,
    ...hub,
    ...shell,
    ...errors,
  },
};

/** Sentences that braces are too coarse for, as regular expressions with `$1` in the translation. */
const expressions: Record<Language, [RegExp, string][]> = {
  en: [],
  zh: [...figurePatterns, ...trainingPatterns, ...placePatterns],
};

/** Words of the engine that stand alone only inside sentences. */
const words: Record<Language, Record<string, string>> = { en: {}, zh: { test: '测试', validation: '验证' } };

/** A sentence of the engine in the user's language. */
export function said(english: string): string {
  return inLanguage(english, language());
}

function inLanguage(english: string, language: Language): string {
  const exact = sentences[language][english];
  if (exact !== undefined) return exact;
  for (const [like, text] of expressions[language]) {
    const found = like.exec(english);
    if (!found) continue;
    return text.replace(/\$(\d+)/g, (_, group: string) => {
      const part = found[Number(group)] ?? '';
      return words[language][part] ?? inLanguage(part, language);
    });
  }
  for (const { like, names, text } of patterns(language)) {
    const found = like.exec(english);
    if (!found) continue;
    const values = new Map(names.map((name, index) => [name, inLanguage(found[index + 1] ?? '', language)]));
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole);
  }
  return english;
}

interface Pattern {
  like: RegExp;
  names: string[];
  text: string;
}

const compiled = new Map<Language, Pattern[]>();

/** Sentences with braces as patterns, the longest first: it says most. */
function patterns(language: Language): Pattern[] {
  const known = compiled.get(language);
  if (known) return known;
  const open = Object.entries(sentences[language]).filter(([english]) => english.includes('{'));
  open.sort(([a], [b]) => b.length - a.length);
  const made = open.map(([english, text]) => {
    const names: string[] = [];
    const parts = english.split(/\{(\w+)\}/).map((part, index) => {
      if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(part);
      return '(.+?)';
    });
    return { like: new RegExp(`^${parts.join('')}$`, 's'), names, text };
  });
  compiled.set(language, made);
  return made;
}
