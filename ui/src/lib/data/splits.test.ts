import { describe, expect, it } from 'vitest';
import { emptyProject } from '$lib/app/project.svelte';
import type { Columns, Setting } from '$lib/carrier';
import { choose, chosen, possible } from './splits';

const columns = (split: string | null): Columns => ({
  id: 'id',
  sequence: 'seq',
  label: 'label',
  split,
  group: null,
  available: ['id', 'seq', 'label', 'chrom'],
  group_candidates: ['chrom'],
});
const settings = [{ name: 'split_by', choices: ['auto', 'random', 'similarity'] }] as unknown as Setting[];

describe('the ways to split', () => {
  it('are those of the file and of the engine', () => {
    expect(possible(columns('set'), settings)).toEqual(['file', 'random', 'column', 'similarity', 'files']);
    expect(possible(columns(null), [])).toEqual(['random', 'column', 'files']);
    expect(possible(columns('set'), [])).toEqual(['file', 'column', 'files']);
  });

  it('begin with what the file says', () => {
    expect(chosen(emptyProject(), columns('set'))).toBe('file');
    expect(chosen(emptyProject(), columns(null))).toBe('random');
  });

  it('leave nothing of one another behind', () => {
    const project = emptyProject();
    for (const split of ['column', 'similarity', 'files', 'random', 'file'] as const) {
      choose(project, split, columns('set'), settings);
      expect(chosen(project, columns('set')), split).toBe(split);
    }
    expect(project).toEqual({ ...emptyProject(), split: 'file' });
  });
});
