import { beforeEach, expect, it, vi } from 'vitest';
import type { Job, Listener, UploadedAdapter } from '$lib/carrier';

const follow = vi.fn<(command: string, request: unknown, listener: Listener<'adapters.upload'>) => Job>();
vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({ follow }),
}));
const { clearUpload, startUpload, stopUpload, uploadOf } = await import('./uploads.svelte');
const { uploadForm } = await import('./forms.svelte');

const cancel = vi.fn();
const told = () => follow.mock.lastCall?.[2];
const done = { repository: 'ada/one', page: 'https://hub/ada/one' } as UploadedAdapter;

beforeEach(() => {
  vi.clearAllMocks();
  follow.mockReturnValue({ name: Promise.resolve('1'), leave: () => {}, cancel });
});

it('tells how it ended until that is dismissed', () => {
  startUpload('/a', { repository: 'ada/one' });
  expect(follow.mock.lastCall?.[1]).toEqual({ repository: 'ada/one', adapter: '/a' });
  uploadForm('/a').open = true;
  told()?.done?.(done);
  expect(uploadOf('/a')).toEqual({ state: 'done', done });
  expect(uploadForm('/a').open).toBe(false);
  clearUpload('/a');
  expect(uploadOf('/a')).toBeUndefined();
});

it('one that was stopped leaves nothing, one that failed says why', () => {
  startUpload('/a', { repository: 'ada/one' });
  stopUpload('/a');
  expect(cancel).toHaveBeenCalledOnce();
  told()?.failed?.({ kind: 'interrupted', message: 'stopped', where: null, remedy: '' });
  expect(uploadOf('/a')).toBeUndefined();
  startUpload('/a', { repository: 'ada/one' });
  told()?.failed?.({ kind: 'network', message: 'refused', where: null, remedy: '' });
  expect(uploadOf('/a')).toMatchObject({ state: 'failed', failure: { message: 'refused' } });
});

it('the form of each adapter is its own, and there again when one comes back', () => {
  uploadForm('/a').message = 'second release';
  expect([uploadForm('/a').message, uploadForm('/b').message]).toEqual(['second release', '']);
});
