import { beforeEach, expect, it, vi } from 'vitest';
import type { Job, Listener } from '$lib/carrier';

const follow = vi.fn<(command: string, request: unknown, listener: Listener<'model.download'>) => Job>();
vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({ follow, call: () => Promise.resolve({}) }),
}));
const { downloadOf, pauseDownload, startDownload } = await import('./downloads.svelte');

const cancel = vi.fn();
const told = () => follow.mock.lastCall?.[2];
const progress = { file: 'a', files_done: 0, files: 1, done: 5, size: 9 };

beforeEach(() => {
  vi.clearAllMocks();
  follow.mockReturnValue({ name: Promise.resolve('1'), leave: () => {}, cancel });
});

it('a download that is paused keeps how far it was, and goes on from there', () => {
  const done = vi.fn();
  startDownload('lab/one', done);
  told()?.progress?.(progress);
  pauseDownload('lab/one');
  expect(cancel).toHaveBeenCalledOnce();
  told()?.failed?.({ kind: 'interrupted', message: 'stopped', where: null, remedy: '' });
  expect(downloadOf('lab/one')).toMatchObject({ state: 'paused', progress });

  startDownload('lab/one', done);
  expect(downloadOf('lab/one')).toMatchObject({ state: 'running', progress });
  told()?.done?.({ id: 'lab/one', commit: 'c', folder: '/f', note: null });
  expect(downloadOf('lab/one')).toBeUndefined();
  expect(done).toHaveBeenCalledOnce();
});

it('one that is refused says why', () => {
  startDownload('lab/two', () => {});
  told()?.failed?.({ kind: 'model', message: 'no DNA model', where: 'lab/two', remedy: 'choose another' });
  expect(downloadOf('lab/two')).toMatchObject({ state: 'failed', failure: { message: 'no DNA model' } });
});
