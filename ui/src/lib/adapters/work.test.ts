import { expect, it, vi } from 'vitest';
import type { Job, Listener } from '$lib/carrier';

const follow = vi.fn<(command: string, request: unknown, listener: Listener<'adapters.merge'>) => Job>();
vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({ follow }),
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
