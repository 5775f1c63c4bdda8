import { describe, expect, it } from 'vitest';
import { everything, nextOrder, view, type Row } from './rows';

const row = (id: string, probabilities: number[], note = ''): Row => ({
  id,
  length: probabilities.length ? 100 : null,
  best: probabilities.length ? probabilities.indexOf(Math.max(...probabilities)) : null,
  probabilities,
  note,
});
const rows = [
  row('read10', [0.9, 0.1]),
  row('read2', [0.4, 0.6]),
  row('broken', [], 'reads.fa, line 7'),
  row('read1', [0.2, 0.8], 'cut to the first 512 tokens'),
];
const names = (shown: Row[]) => shown.map(({ id }) => id);

describe('the rows shown', () => {
  it('are all as they came, without a filter', () => {
    expect(names(view(rows, everything, undefined))).toEqual(['read10', 'read2', 'broken', 'read1']);
  });

  it('are found by a part of the name, whatever its case', () => {
    expect(names(view(rows, { ...everything, text: ' READ1' }, undefined))).toEqual(['read10', 'read1']);
  });

  it('are those of a class, of a note, or without a prediction', () => {
    expect(names(view(rows, { ...everything, kind: 1 }, undefined))).toEqual(['read2', 'read1']);
    expect(names(view(rows, { ...everything, kind: 'noted' }, undefined))).toEqual(['broken', 'read1']);
    expect(names(view(rows, { ...everything, kind: 'unread' }, undefined))).toEqual(['broken']);
  });

  it('reach the threshold: of the class, also below one half, or else of whatever was predicted', () => {
    expect(names(view(rows, { ...everything, least: 0.8 }, undefined))).toEqual(['read10', 'read1']);
    expect(names(view(rows, { ...everything, kind: 0, least: 0.3 }, undefined))).toEqual(['read10', 'read2']);
  });

  it('are sorted with numbers in names as numbers, and what has no value last', () => {
    expect(names(view(rows, everything, { column: 'id', descending: false }))).toEqual([
      'broken',
      'read1',
      'read2',
      'read10',
    ]);
    const column = 'probability-1';
    expect(names(view(rows, everything, { column, descending: true })).at(-1)).toBe('broken');
    expect(names(view(rows, everything, { column, descending: false })).at(-1)).toBe('broken');
  });
});

it('a column is sorted one way, the other way, and no more', () => {
  const first = nextOrder(undefined, 'confidence');
  expect(first).toEqual({ column: 'confidence', descending: true });
  const second = nextOrder(first, 'confidence');
  expect(second).toEqual({ column: 'confidence', descending: false });
  expect(nextOrder(second, 'confidence')).toBeUndefined();
  expect(nextOrder(first, 'id')).toEqual({ column: 'id', descending: false });
});
