import type { Distribution } from '$lib/carrier';

/** A class's values as a chart shows them: a line of steps whose area is the same for every class, however many records it has. */
export interface Curve {
  label: string;
  /** Index of its colour. */
  colour: number;
  mean: number;
  count: number;
  /** SVG path in a plot of 1 × 1, from the lower left. */
  path: string;
}

export interface Plot {
  start: number;
  end: number;
  curves: Curve[];
}

/** Curves of several distributions on one axis. Those that are missing are left out. */
export function plot(
  classes: { label: string; values: Distribution | null }[],
  limits?: [number, number],
): Plot | undefined {
  const known = classes.flatMap(({ label, values }, colour) => (values ? [{ label, values, colour }] : []));
  if (known.length === 0) return undefined;
  const start = limits?.[0] ?? Math.min(...known.map(({ values }) => values.histogram.start));
  const ends = known.map(
    ({ values: { histogram } }) => histogram.start + histogram.width * histogram.counts.length,
  );
  const end = Math.max(limits?.[1] ?? Math.max(...ends), start + 1e-9);
  const heights = known.map(({ values }) => densities(values));
  const top = Math.max(...heights.flat(), Number.MIN_VALUE);
  const curves = known.map(({ label, values, colour }, index) => ({
    label,
    colour,
    mean: values.mean,
    count: values.count,
    path: steps(values, heights[index] ?? [], (x) => (x - start) / (end - start), top),
  }));
  return { start, end, curves };
}

/** Shares a unit of the axis, so that bins of different widths compare. */
function densities({ count, histogram }: Distribution): number[] {
  return histogram.counts.map((bin) => bin / Math.max(1, count) / histogram.width);
}

function steps(
  { histogram }: Distribution,
  heights: number[],
  place: (x: number) => number,
  top: number,
): string {
  const at = (value: number) => Number(value.toFixed(4));
  let path = `M${at(place(histogram.start))} 0`;
  heights.forEach((height, bin) => {
    const from = at(place(histogram.start + bin * histogram.width));
    const to = at(place(histogram.start + (bin + 1) * histogram.width));
    path += `L${from} ${at(height / top)}L${to} ${at(height / top)}`;
  });
  return `${path}L${at(place(histogram.start + heights.length * histogram.width))} 0Z`;
}

/** Round numbers along an axis, about `wanted` of them, at least `least` apart. */
export function ticks(start: number, end: number, least = 0, wanted = 4): number[] {
  const rough = Math.max(least, (end - start) / wanted);
  if (!(rough > 0)) return [start];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const found: number[] = [];
  for (let at = Math.ceil(start / step) * step; at <= end + step * 1e-6; at += step) {
    found.push(Number(at.toPrecision(12)));
  }
  return found;
}
