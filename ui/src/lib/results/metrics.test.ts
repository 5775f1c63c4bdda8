import { expect, it } from 'vitest';
import type { ModelMetrics, RunMetrics } from '$lib/carrier';
import { headlines } from './metrics';

const model = { mcc: 0.6, loss: 0.4, intervals: {} } as unknown as ModelMetrics;
const report = (difference: RunMetrics['comparison']): RunMetrics =>
  ({ model, baseline: model, comparison: difference }) as unknown as RunMetrics;

it('the verdict follows the interval of the paired difference, and a lower loss is better', () => {
  const interval = (low: number, high: number) => ({ estimate: (low + high) / 2, low, high });
  const verdicts = (low: number, high: number) => {
    const difference = { mcc: interval(low, high), loss: interval(low, high) };
    const found = headlines(report({ difference }));
    return ['mcc', 'loss', 'f1'].map((name) => found.find((one) => one.metric === name)?.verdict);
  };
  expect(verdicts(0.1, 0.2)).toEqual(['better', 'worse', undefined]);
  expect(verdicts(-0.2, -0.1)).toEqual(['worse', 'better', undefined]);
  expect(verdicts(-0.1, 0.1)).toEqual(['open', 'open', undefined]);
});
