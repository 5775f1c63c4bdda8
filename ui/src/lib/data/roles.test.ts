import { describe, expect, it } from 'vitest';
import type { Columns } from '$lib/carrier';
import { roleOf, withRole } from './roles';

const guessed: Columns = {
  id: 'name',
  sequence: 'seq',
  label: 'class',
  split: null,
  group: null,
  available: ['name', 'seq', 'class', 'chrom'],
  group_candidates: ['chrom'],
};

describe('a column’s role', () => {
  it('is what the engine guessed', () => {
    expect(roleOf('seq', guessed)).toBe('sequence');
    expect(roleOf('chrom', guessed)).toBeUndefined();
  });

  it('goes from one column to another, and the guesses stay', () => {
    expect(withRole({}, guessed, 'chrom', 'label')).toEqual({ id: 'name', sequence: 'seq', label: 'chrom' });
  });

  it('can be taken away', () => {
    expect(withRole({}, guessed, 'name', undefined)).toEqual({ sequence: 'seq', label: 'class' });
  });
});
