import { expect, it } from 'vitest';
import type { ThresholdPoint } from '$lib/carrier';
import { at, bestBy, change } from './thresholds';

const point = (threshold: number, hits: number, alarms: number, f1: number | null): ThresholdPoint => ({
  threshold,
  true_positives: hits,
  false_positives: alarms,
  true_negatives: 10 - alarms,
  false_negatives: 10 - hits,
  precision: null,
  recall: hits / 10,
  specificity: 1 - alarms / 10,
  f1,
  mcc: 0,
  accuracy: null,
});
const points = [
  point(0, 10, 10, 0.6),
  point(0.4, 9, 4, 0.8),
  point(0.5, 9, 3, 0.8),
  point(0.6, 8, 2, 0.8),
  point(1, 0, 0, null),
];

it('the counts are those of the nearest threshold', () => {
  expect(at(points, 0.52)?.threshold).toBe(0.5);
  expect(at(points, 0.99)?.threshold).toBe(1);
  expect(at([], 0.5)).toBeUndefined();
});

it('the best is in the middle of those that are equally good', () => {
  expect(bestBy(points, (one) => one.f1)?.threshold).toBe(0.5);
  expect(bestBy([], (one) => one.f1)).toBeUndefined();
});

it('a lower threshold finds more and errs more', () => {
  expect(change(points[3]!, points[1]!)).toEqual({ found: 1, wrong: 2 });
});
