import { expect, it } from 'vitest';
import { places } from './headers';

it('finds keys and fields that all headers have', () => {
  const found = places(['a|promoter|hg38 class=x', 'b|other|hg38 class=y']);
  expect(found).toEqual([
    { value: 'class', kind: 'key', examples: ['x', 'y'] },
    { value: '2', kind: 'field', examples: ['promoter', 'other'] },
    { value: '3', kind: 'field', examples: ['hg38'] },
    { value: 'file', kind: 'file', examples: [] },
  ]);
});

it('offers the file’s name where headers tell nothing', () => {
  expect(places(['a', 'b x']).map((place) => place.value)).toEqual(['file']);
  expect(places([]).map((place) => place.value)).toEqual(['file']);
});
