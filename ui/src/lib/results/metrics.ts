import type { Interval, RunMetrics } from '$lib/carrier';

/** The headline numbers, in the order in which they are shown: the fair ones first. */
export const METRICS = ['mcc', 'auroc', 'auprc', 'accuracy', 'f1', 'precision', 'recall', 'loss'] as const;
export type MetricName = (typeof METRICS)[number];

/** A headline number of the model beside the baseline's. */
export interface Headline {
  metric: MetricName;
  value: number | null;
  interval: Interval | undefined;
  baseline: number | null | undefined;
  baselineInterval: Interval | undefined;
  /** Where the interval of the paired difference lies. None without a baseline. */
  verdict: 'better' | 'worse' | 'open' | undefined;
  /** The model minus the baseline. */
  difference: number | undefined;
}

/** The headline numbers of a report. */
export function headlines(metrics: RunMetrics): Headline[] {
  return METRICS.map((metric) => {
    const difference = metrics.comparison?.difference[metric];
    return {
      metric,
      value: metrics.model[metric],
      interval: metrics.model.intervals[metric],
      baseline: metrics.baseline?.[metric],
      baselineInterval: metrics.baseline?.intervals[metric],
      difference: difference?.estimate,
      verdict: difference && verdict(difference, metric !== 'loss'),
    };
  });
}

function verdict(difference: Interval, moreIsBetter: boolean): 'better' | 'worse' | 'open' {
  if (difference.low > 0) return moreIsBetter ? 'better' : 'worse';
  if (difference.high < 0) return moreIsBetter ? 'worse' : 'better';
  return 'open';
}
