import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Curves, CurvesRequest } from '$lib/carrier';

const call = vi.fn<(command: string, request: CurvesRequest) => Promise<Curves>>();
vi.mock('$lib/carrier', () => ({ engine: () => ({ call }), Failure: { of: (error: unknown) => error } }));
const { CurveDrawing } = await import('./curves.svelte');

const request = { run: '/runs/a' };

beforeEach(() => {
  vi.useFakeTimers();
  call.mockReset().mockResolvedValue({ figures: [] });
});
afterEach(() => void vi.useRealTimers());

it('curves are drawn at once when the size is another, else no more than once a second', async () => {
  const drawing = new CurveDrawing();
  drawing.draw(request, true);
  await vi.advanceTimersByTimeAsync(1);
  expect(call).toHaveBeenCalledOnce();
  for (let step = 0; step < 9; step += 1) {
    drawing.draw(request, false);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(call).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(100);
  expect(call).toHaveBeenCalledTimes(2);
});

it('what takes long is drawn more rarely, and not at all once it is left', async () => {
  const drawing = new CurveDrawing();
  call.mockImplementation(() => new Promise((resolve) => setTimeout(resolve, 500, { figures: [] })));
  drawing.draw(request, true);
  await vi.advanceTimersByTimeAsync(500);
  drawing.draw(request, false);
  await vi.advanceTimersByTimeAsync(4000);
  expect(call).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(600);
  expect(call).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(600);
  drawing.draw(request, false);
  drawing.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(call).toHaveBeenCalledTimes(2);
});
