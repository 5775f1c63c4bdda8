import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FollowRequest, Job, Listener, RunEvent, TrainingState } from '$lib/carrier';

const follow =
  vi.fn<(command: string, request: FollowRequest, listener: Listener<'training.follow'>) => Job>();
vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({ follow }),
}));
const { Following } = await import('./following.svelte');

const cancel = vi.fn();
const told = () => follow.mock.lastCall?.[2];
const lines = () => follow.mock.calls.map(([, { from_line }]) => from_line);
const event = (step: number) => ({ type: 'step', step }) as unknown as RunEvent;
const state = (process: number | null) =>
  ({ process, run: { state: 'training' } }) as unknown as TrainingState;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  follow.mockReturnValue({ name: Promise.resolve('1'), leave: () => {}, cancel });
});
afterEach(() => void vi.useRealTimers());

it('a run at work that falls silent is asked for what is not known yet', () => {
  const run = new Following('/runs/a');
  run.follow();
  told()?.progress?.({ first_line: 0, events: [event(1), event(2)], state: state(7) });
  vi.advanceTimersByTime(30_000);
  expect(lines().slice(0, 2)).toEqual([0, 2]);
  run.leave();
  const asked = follow.mock.calls.length;
  vi.advanceTimersByTime(30_000);
  expect(follow).toHaveBeenCalledTimes(asked);
});

it('a run that rests is left in peace, and one that was taken back forgets what is no longer so', () => {
  const run = new Following('/runs/a');
  run.follow();
  told()?.progress?.({ first_line: 0, events: [event(1), event(2)], state: state(null) });
  vi.advanceTimersByTime(30_000);
  expect(follow).toHaveBeenCalledOnce();
  told()?.progress?.({ first_line: 1, events: [event(3)], state: state(7) });
  expect(run.events).toEqual([event(1), event(3)]);
  run.leave();
});

it('a failure is told, but not that the listening was ended', () => {
  const run = new Following('/runs/a');
  run.follow();
  told()?.failed?.({ kind: 'interrupted', message: 'stopped', where: null, remedy: '' });
  expect(run.failure).toBeUndefined();
  run.follow();
  told()?.failed?.({ kind: 'run', message: 'gone', where: null, remedy: '' });
  expect(run.failure?.message).toBe('gone');
});
