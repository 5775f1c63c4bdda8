import { beforeEach, expect, it, vi } from 'vitest';
import { act, dismiss, hold, release, say, toasts } from './toasts.svelte';

const texts = () => toasts().map((toast) => toast.text);

beforeEach(() => {
  vi.useFakeTimers();
  toasts().forEach(({ id }) => dismiss(id));
});

it('a word goes by itself, one with something to do stays longer', () => {
  say('saved');
  say('thrown away', { action: { label: 'Undo', run: () => {} } });
  vi.advanceTimersByTime(6000);
  expect(texts()).toEqual(['thrown away']);
  vi.advanceTimersByTime(4000);
  expect(texts()).toEqual([]);
});

it('the same word said again stands once', () => {
  say('the last one stays');
  vi.advanceTimersByTime(5000);
  say('the last one stays');
  vi.advanceTimersByTime(5000);
  expect(texts()).toEqual(['the last one stays']);
});

it('nothing goes from under a pointer or the keyboard', () => {
  say('thrown away', { action: { label: 'Undo', run: () => {} } });
  hold('pointer');
  hold('keyboard');
  say('and another');
  vi.advanceTimersByTime(60_000);
  release('pointer');
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(['thrown away', 'and another']);
  release('keyboard');
  vi.advanceTimersByTime(3999);
  expect(texts()).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(texts()).toEqual([]);
});

it('what is kept for a way back goes with its toast, unless the way was taken', () => {
  const kept = { run: vi.fn(), gone: vi.fn() };
  const words = { action: { label: 'Undo', run: kept.run }, gone: kept.gone };
  say('taken back', words);
  act(toasts()[0]?.id ?? 0);
  vi.advanceTimersByTime(60_000);
  expect([kept.run.mock.calls.length, kept.gone.mock.calls.length]).toEqual([1, 0]);

  say('not taken', words);
  say('two');
  say('three');
  say('four');
  expect(texts()).toEqual(['two', 'three', 'four']);
  expect(kept.gone).toHaveBeenCalledOnce();
});
