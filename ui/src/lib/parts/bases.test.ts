import { expect, it } from 'vitest';
import { runs } from './bases';

it('colours runs of bases, U as T and what is no base apart', () => {
  expect(runs('AAcUTn-')).toEqual([
    { letters: 'AA', colour: 'a' },
    { letters: 'c', colour: 'c' },
    { letters: 'UT', colour: 't' },
    { letters: 'n-', colour: 'other' },
  ]);
});
