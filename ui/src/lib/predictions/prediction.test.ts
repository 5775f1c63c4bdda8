import { beforeEach, expect, it, vi } from 'vitest';
import type { Job, Listener, PredictionSummary, RunningJob } from '$lib/carrier';

const call = vi.fn<(command: string, request: { job: string }) => Promise<unknown>>();
const follow =
  vi.fn<(command: string, request: { input: string[] }, listener: Listener<'predict.start'>) => Job>();
const rejoin = vi.fn<(job: string, listener: Listener<'predict.start'>) => Job>();
const kept = new Map<string, string>();
vi.stubGlobal('sessionStorage', {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => kept.set(key, value),
});
vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({ call, follow, rejoin }),
}));
const { act, dismiss, toasts } = await import('$lib/app/toasts.svelte');
const { asked } = await import('./asked.svelte');
const { clearPrediction, predict, prediction, rejoinPrediction, takeInput } =
  await import('./prediction.svelte');

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
  rejoin.mockImplementation((name) => ({
    name: Promise.resolve(name),
    leave: () => {},
    cancel: () => cancelled(name),
  }));
  kept.clear();
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

const counts = { sequences: 40, invalid: 0, truncated: 0, unlike: 0, tokens: 1, letters: 1 };
const running: RunningJob = {
  job: '1-7',
  command: 'predict.start',
  request: { adapter: '/run', input: ['/a.fa'], strict: true },
  progress: counts,
  seconds: 12,
};

it('is taken up by a page that was loaded anew, with what was asked and what it has given', async () => {
  kept.set('episome.prediction', '1-7');
  rejoinPrediction(running);
  await settled();
  const { state, job, counts: seen } = prediction();
  expect([state, job, seen?.sequences]).toEqual(['running', '1-7', 40]);
  expect(asked).toMatchObject({ adapter: '/run', input: ['/a.fa'], text: undefined, go_on: false });
  prediction().cancel();
  expect(cancelled.mock.calls).toEqual([['1-7']]);
  rejoin.mock.calls[0]?.[1].done?.({ ...counts, complete: true, seconds: 13 } as never);
  expect([prediction().state, prediction().seconds]).toEqual(['done', 13]);
});

it('of another page is left as it is when this one begins anew', async () => {
  rejoinPrediction(running);
  await settled();
  clearPrediction();
  await settled();
  expect([cancelled.mock.calls, forgotten()]).toEqual([[], []]);
});
