import type { DrawnFigure, CurveSeries } from '$lib/carrier';

/** A point of a line under the pointer. */
export interface Under {
  name: string;
  x: number;
  y: number;
  /** px from the left and from the top of the figure. */
  left: number;
  top: number;
}

/** The point of each line that is nearest to `left`, in px from the figure's left; points lie from left to right. */
export function under(curve: DrawnFigure, left: number): Under[] {
  return curve.series.flatMap((series) => {
    const point = series.points[nearest(series, left)];
    if (!point) return [];
    const [x, y, at, top] = point;
    return [{ name: series.name, x, y, left: at, top }];
  });
}

/** The number of the point of a line that is nearest to `left`. */
export function nearest(series: CurveSeries, left: number): number {
  let [low, high] = [0, series.points.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((series.points[middle]?.[2] ?? 0) < left) low = middle;
    else high = middle;
  }
  const distance = (index: number) => Math.abs((series.points[index]?.[2] ?? Infinity) - left);
  return distance(low) <= distance(high) ? low : high;
}

/** The line with the most points, along which the arrow keys go. */
export function finest(curve: DrawnFigure): CurveSeries | undefined {
  return curve.series.reduce<CurveSeries | undefined>(
    (best, series) => (best && best.points.length >= series.points.length ? best : series),
    undefined,
  );
}
