import { expect, it, vi } from 'vitest';
import type { Job, Listener } from '$lib/carrier';

const follow = vi.fn<(command: string, request: unknown, listener: Listener<'adapters.merge'>) => Job>();
const rejoin = vi.fn<(job: string, listener: Listener<'adapters.merge'>) => Job>();
vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({ follow, rejoin }),
}));
const { merges } = await import('./work.svelte');

it('work on an adapter goes on while another is shown, until the adapter is thrown away', () => {
  const cancel = vi.fn();
  follow.mockReturnValue({ name: Promise.resolve('1'), leave: () => {}, cancel });
  void merges.of('/a').start('adapters.merge', { adapter: '/a' });
  expect([merges.of('/b').loading, merges.of('/a').loading]).toEqual([false, true]);
  expect(cancel).not.toHaveBeenCalled();
  merges.forget('/a');
  expect(cancel).toHaveBeenCalledOnce();
  expect(merges.of('/a').loading).toBe(false);
});

it('work that goes on since before a reload is taken up with what it told, to its end', () => {
  rejoin.mockReturnValue({ name: Promise.resolve('7'), leave: () => {}, cancel: () => {} });
  const progress = { done: 1, total: 4 };
  const job = { job: '7', command: 'adapters.merge', request: { adapter: '/c' }, progress, seconds: 3 };
  merges.rejoin(job);
  const work = merges.of('/c');
  expect([work.loading, work.progress]).toEqual([true, progress]);
  // Asked for again, it is not taken up twice.
  merges.rejoin(job);
  expect(rejoin).toHaveBeenCalledOnce();
  expect(rejoin.mock.calls[0]?.[0]).toBe('7');
  const merged = { folder: '/c-merged', bytes: 9 };
  rejoin.mock.calls[0]?.[1].done?.(merged as never);
  expect([work.loading, work.value]).toEqual([false, merged]);
});
