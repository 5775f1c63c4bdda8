import { describe, expect, it } from 'vitest';
import type { Distribution } from '$lib/carrier';
import { plot, ticks } from './histogram';

function distribution(start: number, width: number, counts: number[]): Distribution {
  const count = counts.reduce((sum, one) => sum + one, 0);
  const none = {
    minimum: 0,
    quantile_05: 0,
    quantile_25: 0,
    median: 0,
    quantile_75: 0,
    quantile_95: 0,
    maximum: 0,
  };
  return { count, mean: 0, ...none, histogram: { start, width, counts } };
}

describe('a plot', () => {
  it('gives classes of different size and bins of different width equal areas', () => {
    const found = plot([
      { label: 'few', values: distribution(0, 10, [1]) },
      { label: 'none', values: null },
      { label: 'many', values: distribution(0, 5, [500, 500]) },
    ]);
    expect(found?.curves.map((curve) => [curve.label, curve.colour])).toEqual([
      ['few', 0],
      ['many', 2],
    ]);
    expect(found?.curves[0]?.path).toBe('M0 0L0 1L1 1L1 0Z');
    expect(found?.curves[1]?.path).toBe('M0 0L0 1L0.5 1L0.5 1L1 1L1 0Z');
  });

  it('stands where all values are one', () => {
    expect(plot([{ label: 'a', values: distribution(120, 1, [40]) }])?.end).toBe(121);
    expect(plot([])).toBeUndefined();
  });
});

describe('an axis', () => {
  it('has round numbers', () => {
    expect(ticks(0, 1)).toEqual([0, 0.5, 1]);
    expect(ticks(87, 260)).toEqual([100, 150, 200, 250]);
    expect(ticks(5, 5)).toEqual([5]);
  });
});
