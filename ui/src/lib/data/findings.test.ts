import { afterEach, describe, expect, it } from 'vitest';
import type { DataReport, Finding } from '$lib/carrier';
import { setLanguage } from '$lib/messages';
import { cards, partName } from './findings';

const finding = (kind: string, values: Partial<Finding> = {}): Finding => ({
  severity: 'look',
  kind,
  sentence: 'what the engine says',
  count: 0,
  numbers: {},
  ...values,
});
const label = (name: string, records: number) => ({ label: name, records, fraction: 0 });
const part = (name: string, labels: ReturnType<typeof label>[]) => ({ name, records: 9, labels });
const report = (values: object) => values as unknown as DataReport;

afterEach(() => setLanguage('en'));

describe('a finding’s card', () => {
  it('says in the user’s language what the engine found', () => {
    const found = report({
      findings: [finding('shortcut', { numbers: { auroc: 0.93, mean: 0.6 } })],
      labels: [],
      shortcuts: [{ feature: 'gc', label: 'enhancer', auroc: 0.07, mean: 0.6, mean_of_others: 0.4 }],
    });
    expect(cards(found)[0]?.text).toContain(
      '“enhancer” from the others with an AUROC of 0.93 (mean 60% against 40%)',
    );
    setLanguage('zh');
    expect(cards(found)[0]?.text).toContain('AUROC 为 0.93（平均 60%，其他为 40%）');
  });

  it('is one for all classes that a part lacks', () => {
    const labels = [label('a', 0), label('b', 0), label('c', 9)];
    const findings = [finding('missing-class'), finding('missing-class'), finding('missing-class')];
    const found = report({
      findings,
      labels,
      parts: [part('dev', labels), part('test', [label('a', 0), label('b', 1)])],
    });
    expect(cards(found).map((card) => card.text)).toEqual([
      '2 classes have no record in Validation: “a” and “b”.',
      'The class “a” has no record in Test.',
    ]);
  });

  it('names the parts of each leak, also where two have the same numbers', () => {
    const repeats = { exact: 3, reverse_complement: 0, near: 0 };
    const leak = finding('leak', { count: 3, numbers: { ...repeats, records: 3, fraction: 0.1 } });
    const across = [
      { part: 'validation', other: 'train', records: 3, repeats },
      { part: 'test', other: 'train', records: 3, repeats },
    ];
    const texts = cards(report({ findings: [leak, leak], labels: [], across })).map((card) => card.text);
    expect(texts[0]).toContain('3 records of Validation (10%) repeat sequences of Train');
    expect(texts[1]).toContain('3 records of Test (10%) repeat sequences of Train');
  });

  it('tells of ambiguity codes by whether a model that knows them is chosen', () => {
    const found = { findings: [finding('ambiguity', { count: 15 })], labels: [], ambiguous_letters: 60 };
    const text = (model: string | null) => cards(report({ ...found, model }))[0]?.text;
    expect(text(null)).toContain('A model that does not know them refuses these records');
    expect(text('episome-mini')).toContain('The chosen model knows them');
  });

  it('falls back to the engine’s sentence for what this version does not know', () => {
    expect(cards(report({ findings: [finding('novelty')], labels: [] }))[0]?.text).toBe(
      'what the engine says',
    );
  });
});

it('parts go by the names that people use', () => {
  expect(['dev', 'Train', 'fold7'].map(partName)).toEqual(['Validation', 'Train', 'fold7']);
});
