import { beforeEach, expect, it, vi } from 'vitest';
import type { Job, Listener } from '$lib/carrier';

const follow =
  vi.fn<(command: string, request: { source: string }, listener: Listener<'adapters.import'>) => Job>();
vi.mock('$lib/app/route.svelte', () => ({ go: vi.fn() }));
vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({
    call: () => Promise.resolve({ adapters: [] }),
    follow,
    can: { pickFolder: true },
  }),
}));
const { importAll, imported } = await import('./importing.svelte');

const settled = () => new Promise((resolve) => setTimeout(resolve));
const sources = () => follow.mock.calls.map(([, { source }]) => source);
const told = () => follow.mock.lastCall?.[2];

beforeEach(() => {
  follow.mockReset();
  follow.mockReturnValue({ name: Promise.resolve('1'), leave: () => {}, cancel: () => {} });
  imported.clear();
});

it('what was dropped is taken in one after the other', async () => {
  const all = importAll(['/a', '/b']);
  expect(sources()).toEqual(['/a']);
  told()?.done?.({ folder: '/library/a', check: null, problem: 'its base model is not here' });
  await settled();
  expect(sources()).toEqual(['/a', '/b']);
  told()?.done?.({ folder: '/library/b', check: null, problem: null });
  await all;
  expect(imported.value?.folder).toBe('/library/b');
});

it.each(['interrupted', 'adapter'] as const)('none is taken in after one that ended as %s', async (kind) => {
  const all = importAll(['/a', '/b']);
  told()?.failed?.({ kind, message: 'ended', where: null, remedy: '' });
  await all;
  expect(sources()).toEqual(['/a']);
  expect([imported.stopped, imported.failure?.message]).toEqual(
    kind === 'interrupted' ? [true, undefined] : [false, 'ended'],
  );
});
