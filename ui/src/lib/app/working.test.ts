import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Listener } from '$lib/carrier';
import { Working } from './working.svelte';

type Inspect = Listener<'data.inspect'>;
const begun: { listener: Inspect; cancel: () => void; leave: () => void }[] = [];
vi.mock('$lib/carrier', async (original) => ({
  ...(await original<object>()),
  engine: () => ({
    follow: (_: string, __: unknown, listener: Inspect) => {
      const job = { name: Promise.resolve('1'), cancel: vi.fn(), leave: vi.fn() };
      begun.push({ listener, ...job });
      return job;
    },
  }),
}));

describe('a job on a screen', () => {
  beforeEach(() => void begun.splice(0));

  it('tells how it gets on and keeps its answer', async () => {
    const working = new Working('data.inspect');
    const answered = working.begin({ data: ['a'] });
    begun[0]?.listener.progress?.({ stage: 'reading' });
    expect([working.loading, working.progress]).toEqual([true, { stage: 'reading' }]);
    begun[0]?.listener.done?.({ records: 3 } as never);
    expect(await answered).toBe(true);
    expect(working.value).toEqual({ records: 3 });
  });

  it('ends the older job when a newer one begins', () => {
    const working = new Working('data.inspect');
    void working.begin({ data: ['a'] });
    void working.begin({ data: ['b'] });
    expect(begun[0]?.cancel).toHaveBeenCalledOnce();
    expect(begun[0]?.leave).toHaveBeenCalledOnce();
    expect(begun[1]?.cancel).not.toHaveBeenCalled();
    working.clear();
    expect(begun[1]?.cancel).toHaveBeenCalledOnce();
    expect(working.loading).toBe(false);
  });
});
