import { describe, expect, it } from 'vitest';
import { Asked } from './asked.svelte';

describe('an answer', () => {
  it('is never replaced by an older question’s', async () => {
    const asked = new Asked<string>();
    let slow: (value: string) => void = () => {};
    const first = asked.ask(() => new Promise((resolve) => (slow = resolve)));
    const second = asked.ask(() => Promise.resolve('new'));
    expect(await second).toBe(true);
    slow('old');
    expect(await first).toBe(false);
    expect(asked.value).toBe('new');
    expect(asked.loading).toBe(false);
  });

  it('keeps the last value beside a failure', async () => {
    const asked = new Asked<string>();
    await asked.ask(() => Promise.resolve('there'));
    await asked.ask(() => Promise.reject(new Error('gone')));
    expect(asked.value).toBe('there');
    expect(asked.failure?.message).toBe('gone');
  });
});
