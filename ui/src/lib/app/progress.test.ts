import { beforeEach, expect, it, vi } from 'vitest';

vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({ call: vi.fn() }),
}));
const { begin, lastRun, underWay } = await import('./progress.svelte');
const { emptyProject, project, replaceProject } = await import('./project.svelte');

beforeEach(() => {
  replaceProject(emptyProject());
  Object.assign(lastRun, { folder: undefined, finished: false });
});

it('a project that was begun goes on at its first step that is not done', () => {
  expect(underWay()).toBeUndefined();
  project.model = 'embedded';
  expect(underWay()?.step).toBe('data');
  project.data = ['a.csv'];
  expect(underWay()?.step).toBe('method');
  project.model = null;
  expect(underWay()?.step).toBe('model');
});

it('a run is gone back to until it is finished', () => {
  project.data = ['a.csv'];
  begin('/runs/a');
  expect(underWay()).toEqual({ step: 'train', values: { run: '/runs/a' } });
  lastRun.finished = true;
  expect(underWay()).toBeUndefined();
});
