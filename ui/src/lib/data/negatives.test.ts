import { expect, it } from 'vitest';
import type { DataReport } from '$lib/carrier';
import { signs } from './negatives';

it('the strongest sign counts, whichever way it points, and the check-up says whether it is one to ask about', () => {
  const shortcut = (feature: string, label: string, auroc: number, mean: number) => ({
    feature,
    label,
    auroc,
    mean,
    mean_of_others: 0,
  });
  const shortcuts = [
    shortcut('gc', 'a', 0.6, 0.4),
    shortcut('gc', 'b', 0.1, 0.3),
    shortcut('length', 'a', 0.5, 200),
  ];
  const findings = [{ kind: 'shortcut', severity: 'look', numbers: { mean: 0.3, auroc: 0.9 } }];
  expect(signs({ shortcuts, findings } as unknown as DataReport)).toEqual([
    { feature: 'gc', label: 'b', auroc: 0.9, suspicious: true },
    { feature: 'length', label: 'a', auroc: 0.5, suspicious: false },
  ]);
});
