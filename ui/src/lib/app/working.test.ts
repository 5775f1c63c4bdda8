import { expect, it, vi } from 'vitest';
import type { Job, Listener } from '$lib/carrier';

const follow = vi.fn();
vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({ follow }),
}));
const { Working } = await import('./working.svelte');

type Check = Listener<'adapters.check'>;

/** A job whose messages the test sends. */
function started(): { job: Job; tell: () => Check } {
  const job = { name: Promise.resolve('1'), leave: vi.fn(), cancel: vi.fn() };
  let heard: Check = {};
  follow.mockImplementationOnce((_command: string, _request: unknown, listener: Check) => {
    heard = listener;
    return job;
  });
  return { job, tell: () => heard };
}

it('tells how the work gets on, and its end', async () => {
  const { tell } = started();
  const work = new Working<'adapters.check'>();
  const end = work.start('adapters.check', { adapter: '/a' });
  tell().progress?.({ step: 'testing', done: 1, total: 8 });
  expect([work.loading, work.progress?.done]).toEqual([true, 1]);
  tell().failed?.({ kind: 'adapter', message: 'changed', where: null, remedy: '' });
  expect([await end, work.loading, work.failure?.message]).toEqual([false, false, 'changed']);
});

it('is stopped by the user without a failure, and hears no more of what was replaced', async () => {
  const first = started();
  const work = new Working<'adapters.check'>();
  const end = work.start('adapters.check', { adapter: '/a' });
  work.cancel();
  expect(first.job.cancel).toHaveBeenCalledOnce();
  first.tell().failed?.({ kind: 'interrupted', message: 'stopped', where: null, remedy: '' });
  expect([await end, work.failure, work.stopped]).toEqual([false, undefined, true]);

  const second = started();
  void work.start('adapters.check', { adapter: '/b' });
  expect(work.stopped).toBe(false);
  first.tell().progress?.({ step: 'loading', done: 0, total: 0 });
  expect(work.progress).toBeUndefined();
  work.clear();
  expect(second.job.cancel).toHaveBeenCalledOnce();
});

it('keeps the last answer while a new one is worked on, where that is wanted', async () => {
  const first = started();
  const work = new Working<'adapters.check'>();
  const end = work.start('adapters.check', { adapter: '/a' });
  first.tell().done?.({ folder: '/a' } as never);
  expect(await end).toBe(true);
  started();
  void work.start('adapters.check', { adapter: '/b' }, true);
  expect([work.loading, work.value?.folder]).toEqual([true, '/a']);
  started();
  void work.start('adapters.check', { adapter: '/c' });
  expect(work.value).toBeUndefined();
});
