import { expect, it } from 'vitest';
import type { DataReport } from '$lib/carrier';
import { signs } from './negatives';

it('the strongest sign counts, whichever way it points', () => {
  const shortcut = (feature: string, label: string, auroc: number) => ({
    feature,
    label,
    auroc,
    mean: 0,
    mean_of_others: 0,
  });
  const shortcuts = [shortcut('gc', 'a', 0.6), shortcut('gc', 'b', 0.1), shortcut('length', 'a', 0.5)];
  expect(signs({ shortcuts } as unknown as DataReport)).toEqual([
    { feature: 'gc', label: 'b', auroc: 0.9 },
    { feature: 'length', label: 'a', auroc: 0.5 },
  ]);
});
