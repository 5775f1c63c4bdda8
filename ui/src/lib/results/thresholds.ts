import type { ThresholdPoint } from '$lib/carrier';

/** The counts at a threshold: those of the point that is nearest. */
export function at(points: ThresholdPoint[], threshold: number): ThresholdPoint | undefined {
  return points.reduce<ThresholdPoint | undefined>(
    (best, point) =>
      best && Math.abs(best.threshold - threshold) <= Math.abs(point.threshold - threshold) ? best : point,
    undefined,
  );
}

/** The point with the highest value; of several, the one in their middle, which is least a matter of luck. */
export function bestBy(
  points: ThresholdPoint[],
  value: (point: ThresholdPoint) => number | null,
): ThresholdPoint | undefined {
  const known = points.flatMap((point) => {
    const worth = value(point);
    return worth === null ? [] : [{ point, worth }];
  });
  const most = Math.max(...known.map(({ worth }) => worth));
  const best = known.filter(({ worth }) => worth === most);
  return best[Math.floor(best.length / 2)]?.point;
}

/** What changes when one threshold takes the place of another: more is found, and more is called wrongly, or less of both. */
export function change(from: ThresholdPoint, to: ThresholdPoint): { found: number; wrong: number } {
  return {
    found: to.true_positives - from.true_positives,
    wrong: to.false_positives - from.false_positives,
  };
}
