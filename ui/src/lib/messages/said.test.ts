import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { setLanguage } from './language.svelte';
import { inWindow } from './en/said';
import { figureIn } from './figure';
import { said } from './said';
import { errors } from './zh/said/errors';
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

it('a failure is translated with its place and its reason', () => {
  const broken =
    '/data/a.csv, line 428, record 427 (bad1): this looks like a protein (letter L at position 4); Episome reads DNA and RNA: take the coding sequence instead';
  setLanguage('zh');
  expect(said(broken)).toBe(
    '/data/a.csv，第 428 行，第 427 条记录（bad1）：这看起来是蛋白质（第 4 位的字母 L）；Episome 读取 DNA 和 RNA，请改用编码序列',
  );
});

it('English that names the command line is said for the window', () => {
  expect(said('correct the record, or leave such records out with --skip-invalid')).not.toContain('--');
  expect(said('check the path')).toBe('check the path');
});

it('a translation uses the words of its sentence and no others', () => {
  for (const [english, text] of [...Object.entries(errors), ...Object.entries(inWindow)]) {
    const names = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    for (const name of names(text)) expect(names(english), english).toContain(name);
  }
});

it('sentences with numbers are translated, with what they name', () => {
  setLanguage('zh');
  expect(said('Fine-tuned language model 0.881')).toBe('微调后的语言模型 0.881');
  expect(said('400 test records; positive class: signal. Numbers are AUROC.')).toBe(
    '400 条测试记录；正类：signal。数字为 AUROC。',
  );
  const svg = '<svg><text x="1">Training, mean of 15 batches</text><text>A &amp; B</text></svg>';
  expect(figureIn(svg)).toBe('<svg><text x="1">训练集，15 批的平均</text><text>A &amp; B</text></svg>');
});

it('a place before a sentence comes off first', () => {
  setLanguage('zh');
  const sentence =
    "/data/a.csv, line 21, record 20 (sim00020): 'L' at position 4 of the sequence is no nucleotide code";
  expect(said(sentence)).toBe(
    "/data/a.csv，第 21 行，第 20 条记录（sim00020）：序列第 4 位的 'L' 不是核苷酸代码",
  );
});

it('a finding about a run is told in both languages, alone and with what to do', () => {
  const message =
    "The model calls every one of the 40 test records 'promoter': it has not learned to tell the classes apart.";
  const remedy = 'train again with a learning rate of 0.001 or less and with gradient clipping (--clip 1)';
  expect(said(remedy)).not.toContain('--');
  setLanguage('zh');
  expect(said(message)).toBe('模型把 40 条测试记录全部判为“promoter”：它没有学会区分各个类别。');
  expect(said(`${message} What to do: ${remedy}.`)).toMatch(/^模型把 40 条.*解决办法：请以不高于 0.001 /);
});
