import { describe, expect, it } from 'vitest';
import { everything, filterOf, isEverything, nextSort, suggestedName } from './showing';

describe('the rows shown', () => {
  it('are all, without a filter', () => {
    expect(filterOf({ ...everything, text: '  ' })).toEqual({});
    expect(isEverything({ ...everything, text: ' ' })).toBe(true);
    expect(isEverything({ ...everything, least: 0.1 })).toBe(false);
  });

  it('are those of a class, or those that reach a threshold for it', () => {
    const showing = { ...everything, label: 'promoter' };
    expect(filterOf(showing)).toEqual({ label: 'promoter' });
    expect(filterOf({ ...showing, least: 0.3 })).toEqual({ class: 'promoter', at_least: 0.3 });
  });

  it('reach the threshold for whatever was predicted, where no class is chosen', () => {
    expect(filterOf({ ...everything, least: 0.9, noted: true })).toEqual({ confidence: 0.9, noted: true });
    expect(filterOf({ ...everything, unlike: true })).toEqual({ unlike: true });
    const unpredicted = { ...everything, unpredicted: true };
    expect(filterOf(unpredicted)).toEqual({ unpredicted: true });
    expect(isEverything(unpredicted)).toBe(false);
  });
});

it('a column is sorted one way, the other way, and no more', () => {
  const first = nextSort(undefined, 'confidence');
  expect(first).toEqual({ column: 'confidence', descending: true });
  const second = nextSort(first, 'confidence');
  expect(second).toEqual({ column: 'confidence', descending: false });
  expect(nextSort(second, 'confidence')).toBeUndefined();
  expect(nextSort(first, 'id')).toEqual({ column: 'id', descending: false });
});

it('a prediction is named after the file that it is about', () => {
  expect(suggestedName(['/data/reads.fq.gz'], 'csv')).toBe('reads-predictions.csv');
  expect(suggestedName(['C:\\data\\a.b.fasta', '/x/y.fa'], 'xlsx')).toBe('a.b-predictions.xlsx');
  expect(suggestedName([], 'csv')).toBe('predictions.csv');
});
