import { beforeEach, expect, it, vi } from 'vitest';
import type { Job, Listener, PredictionSummary } from '$lib/carrier';

const call = vi.fn<(command: string, request: { job: string }) => Promise<unknown>>();
const follow =
  vi.fn<(command: string, request: { input: string[] }, listener: Listener<'predict.start'>) => Job>();
vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({ call, follow }),
}));
const { act, dismiss, toasts } = await import('$lib/app/toasts.svelte');
const { asked } = await import('./asked.svelte');
const { clearPrediction, predict, prediction, takeInput } = await import('./prediction.svelte');

const settled = () => new Promise((resolve) => setTimeout(resolve));
const summary = { complete: true, sequences: 3, seconds: 1 } as unknown as PredictionSummary;
/** Jobs are named in the order in which they begin. */
const cancelled = vi.fn<(job: string) => void>();
const forgotten = () =>
  call.mock.calls.filter(([command]) => command === 'predict.forget').map(([, { job }]) => job);
const end = (job: number) => follow.mock.calls[job - 1]?.[2].done?.(summary);

beforeEach(async () => {
  vi.clearAllMocks();
  toasts().forEach(({ id }) => dismiss(id));
  clearPrediction();
  await settled();
  vi.clearAllMocks();
  call.mockResolvedValue({ total: 3, matched: 3, labels: [], rows: [] });
  follow.mockImplementation(() => {
    const name = String(follow.mock.calls.length);
    return { name: Promise.resolve(name), leave: () => {}, cancel: () => cancelled(name) };
  });
  Object.assign(asked, { adapter: '/a', input: [], text: undefined });
});

it('dropped sequences are predicted at once where an adapter is chosen', () => {
  asked.adapter = undefined;
  takeInput(['a.fa']);
  expect([follow.mock.calls.length, prediction().state]).toEqual([0, 'none']);
  asked.adapter = '/a';
  predict();
  expect([follow.mock.calls.length, prediction().state]).toEqual([1, 'running']);
});

it('predicting again begins anew, and forgets the rows before', async () => {
  takeInput(['a.fa']);
  end(1);
  await settled();
  predict();
  await settled();
  expect([prediction().job, prediction().state, prediction().answer]).toEqual(['2', 'running', undefined]);
  expect(forgotten()).toEqual(['1']);
});

it('rows that another file took the place of can be had back', async () => {
  takeInput(['a.fa']);
  end(1);
  await settled();
  takeInput(['b.fa']);
  await settled();
  expect([prediction().job, asked.input, forgotten()]).toEqual(['2', ['b.fa'], []]);

  act(toasts().at(-1)?.id ?? 0);
  await settled();
  expect([prediction().job, prediction().state, asked.input]).toEqual(['1', 'done', ['a.fa']]);
  // What was begun by mistake is stopped and forgotten.
  expect([cancelled.mock.calls, forgotten()]).toEqual([[['2']], ['2']]);
});

it('a prediction under way goes on until the way back to it has gone', async () => {
  takeInput(['a.fa']);
  takeInput(['b.fa']);
  await settled();
  expect(cancelled).not.toHaveBeenCalled();
  dismiss(toasts().at(-1)?.id ?? 0);
  await settled();
  expect([cancelled.mock.calls, forgotten(), prediction().job]).toEqual([[['1']], ['1'], '2']);
});

it('what failed leaves nothing to have back', async () => {
  takeInput(['a.fa']);
  follow.mock.calls[0]?.[2].failed?.({ kind: 'data', message: 'broken', where: null, remedy: '' });
  expect([prediction().state, prediction().failure?.message]).toEqual(['failed', 'broken']);
  takeInput(['b.fa']);
  await settled();
  expect([toasts(), forgotten(), prediction().state]).toEqual([[], ['1'], 'running']);
});
