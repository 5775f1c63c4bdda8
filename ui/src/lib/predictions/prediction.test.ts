import { beforeEach, expect, it, vi } from 'vitest';
import type { Listener, RunningJob } from '$lib/carrier';

const call = vi.fn<(command: string, request: unknown) => Promise<unknown>>(() => Promise.resolve());
const cancel = vi.fn();
const leave = vi.fn();
let listener: Listener<'predict.start'> = {};
const rejoin = vi.fn((job: string, heard: Listener<'predict.start'>) => {
  listener = heard;
  return { name: Promise.resolve(job), cancel, leave };
});
vi.mock('$lib/carrier', () => ({
  engine: () => ({ call, rejoin }),
  Failure: { of: (error: unknown) => error },
}));
const kept = new Map<string, string>();
vi.stubGlobal('sessionStorage', { getItem: (key: string) => kept.get(key) ?? null });
const { asked, prediction } = await import('./prediction.svelte');

const counts = { sequences: 40, invalid: 0, truncated: 0, unlike: 0, tokens: 1, letters: 1 };
const running: RunningJob = {
  job: '1-7',
  command: 'predict.start',
  request: { adapter: '/run', input: ['/a.fa'], strict: true },
  progress: counts,
  seconds: 12,
};

beforeEach(async () => {
  prediction.forget();
  await Promise.resolve();
  call.mockReset().mockResolvedValue({ total: 0, matched: 0, labels: [], rows: [] });
  cancel.mockReset();
  kept.clear();
});

it('is taken up by a page that was loaded anew, with what was asked and what it has given', async () => {
  kept.set('episome.prediction', '1-7');
  prediction.rejoin(running);
  await Promise.resolve();
  expect([prediction.state, prediction.job, prediction.counts?.sequences]).toEqual(['running', '1-7', 40]);
  expect(asked).toMatchObject({ adapter: '/run', input: ['/a.fa'], text: undefined, go_on: false });
  prediction.cancel();
  expect(cancel).toHaveBeenCalledOnce();
  listener.done?.({ ...counts, complete: true, seconds: 13 } as never);
  expect([prediction.state, prediction.seconds]).toEqual(['done', 13]);
});

it('of another page is left as it is when this one begins anew', async () => {
  prediction.rejoin(running);
  await Promise.resolve();
  prediction.forget();
  await Promise.resolve();
  expect(cancel).not.toHaveBeenCalled();
  expect(call.mock.calls.map(([command]) => command)).not.toContain('predict.forget');
});
