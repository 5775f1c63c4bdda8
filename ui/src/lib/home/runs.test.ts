import { expect, it } from 'vitest';
import type { Run } from '$lib/carrier';
import { scoreOf } from './runs';

const run = (values: Partial<Run>) => ({ metric: 'mcc', best: 0.7, test: null, ...values }) as Run;

it('shows the test score, else the best validation score, else nothing, and nothing yet of what trains', () => {
  expect(scoreOf(run({ test: 0 }))).toEqual({ value: 0, of: 'test', metric: 'mcc' });
  expect(scoreOf(run({}))).toEqual({ value: 0.7, of: 'validation', metric: 'mcc' });
  expect(scoreOf(run({ best: null }))).toBeUndefined();
  expect(scoreOf(run({ state: 'training' }))).toBeUndefined();
});
