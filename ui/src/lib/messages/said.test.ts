import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { setLanguage } from './language.svelte';
import { said } from './said';

afterEach(() => setLanguage('en'));

it('every sentence of the model catalogue has a translation', () => {
  const path = new URL('../../../../assets/catalogue.json', import.meta.url);
  const { models } = JSON.parse(readFileSync(path, 'utf8')) as { models: Record<string, unknown>[] };
  setLanguage('zh');
  for (const model of models) {
    for (const field of ['about', 'tokenizer', 'reason']) {
      const text = model[field];
      if (typeof text === 'string') expect(said(text), text).not.toBe(text);
    }
  }
});

it('what has none is shown as the engine says it', () => {
  setLanguage('zh');
  expect(said('Something new.')).toBe('Something new.');
});
