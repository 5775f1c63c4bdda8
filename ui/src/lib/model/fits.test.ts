import { beforeEach, expect, it, vi } from 'vitest';
import type { Fit, FitRequest } from '$lib/carrier';

const call = vi.fn<(command: string, request: FitRequest) => Promise<Fit>>();
const follow = () => ({ name: Promise.resolve('1'), leave: () => {}, cancel: () => {} });
vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({ call, follow }),
}));
const { emptyProject, replaceProject } = await import('$lib/app/project.svelte');
const { inspectAgain } = await import('$lib/data/inspection.svelte');
const { Failure } = await import('$lib/carrier/failure');
const { askFit, askFitAgain, fitAnswer, fitQuestion, forgetFits } = await import('./fits.svelte');

const fit = (bytes: number): Fit => ({ bytes, available_bytes: 9, seconds: 1, verdict: 'fits' });
const settled = () => new Promise((resolve) => setTimeout(resolve));
/** Each test asks about data of its own. */
let data = 0;
const question = (model: string) => fitQuestion(model) ?? '';
const asked = () => call.mock.calls.map(([, request]) => request.model);

beforeEach(() => {
  vi.useRealTimers();
  call.mockReset().mockResolvedValue(fit(5));
  replaceProject({ ...emptyProject(), data: [`${++data}.csv`] });
});

it('measures one model after the other, those that are here first, and none twice', async () => {
  askFit(question('a'), false);
  askFit(question('b'), false);
  askFit(question('c'), true);
  askFit(question('b'), false);
  await settled();
  expect(asked()).toEqual(['a', 'c', 'b']);
  askFit(question('a'), false);
  expect(call).toHaveBeenCalledTimes(3);
});

it('an answer holds for a minute', async () => {
  askFit(question('a'), true);
  await settled();
  const now = Date.now();
  vi.spyOn(Date, 'now')
    .mockReturnValueOnce(now + 59_000)
    .mockReturnValueOnce(now + 61_000);
  askFit(question('a'), true);
  expect(call).toHaveBeenCalledOnce();
  askFit(question('a'), true);
  expect(call).toHaveBeenCalledTimes(2);
  // The old one is shown until the new one is there.
  expect(fitAnswer(question('a'))).toEqual(fit(5));
});

it('a failure is not the last word', async () => {
  call.mockRejectedValueOnce(new Failure({ kind: 'data', message: 'broken', where: null, remedy: '' }));
  askFit(question('a'), true);
  await settled();
  expect(fitAnswer(question('a'))).toBeInstanceOf(Failure);
  askFitAgain(question('a'), true);
  expect(fitAnswer(question('a'))).toBeUndefined();
  await settled();
  expect(fitAnswer(question('a'))).toEqual(fit(5));
});

it('is asked anew when the model has come, and when the data was looked at again', async () => {
  askFit(question('a'), false);
  askFit(question('b'), true);
  await settled();
  forgetFits('a');
  expect([fitAnswer(question('a')), fitAnswer(question('b'))]).toEqual([undefined, fit(5)]);
  inspectAgain();
  askFit(question('b'), true);
  await settled();
  expect(asked()).toEqual(['a', 'b', 'b']);
});
