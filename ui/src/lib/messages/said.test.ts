import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { setLanguage } from './language.svelte';
import { said } from './said';
import { settings } from './zh/said/settings';

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

it('every setting on the page of settings has a translation of its help and its explanation', () => {
  const path = new URL('../../../../docs/hyperparameters.md', import.meta.url);
  const blocks = readFileSync(path, 'utf8').split(/^### /m).slice(1);
  expect(blocks.length).toBeGreaterThan(20);
  for (const block of blocks) {
    const words = block.split('\n\n')[1]?.trim() ?? '';
    const translated = Object.keys(settings).some((help) =>
      Object.keys(settings).some((explanation) => `${help}. ${explanation}` === words),
    );
    expect(translated, words).toBe(true);
  }
});
