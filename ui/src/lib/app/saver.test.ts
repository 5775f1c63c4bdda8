import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Saver } from './saver';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('saves once for many changes, and nothing that is saved already', async () => {
  const write = vi.fn(() => Promise.resolve());
  const saver = new Saver<number>(write, () => {}, 100);
  saver.save(1);
  saver.save(2);
  await vi.advanceTimersByTimeAsync(150);
  saver.save(2);
  await vi.advanceTimersByTimeAsync(150);
  expect(write.mock.calls).toEqual([[2]]);
});

it('saves what still waits when the window closes', async () => {
  const write = vi.fn(() => Promise.resolve());
  const saver = new Saver<number>(write, () => {}, 100);
  saver.save(1);
  saver.flush();
  saver.flush();
  await vi.advanceTimersByTimeAsync(150);
  expect(write.mock.calls).toEqual([[1]]);
});

it('saves again what could not be saved', async () => {
  const write = vi.fn(() => Promise.reject(new Error('full')));
  const failed = vi.fn();
  const saver = new Saver<number>(write, failed, 100);
  saver.save(1);
  await vi.advanceTimersByTimeAsync(150);
  saver.save(1);
  await vi.advanceTimersByTimeAsync(150);
  expect(write).toHaveBeenCalledTimes(2);
  expect(failed).toHaveBeenCalledTimes(2);
});
