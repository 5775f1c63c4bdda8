import type { RunEvent } from '$lib/carrier';

/** Steps from which the pace is taken: enough to be steady, few enough to follow a machine that became slower. */
const WINDOW = 60;

/** How fast a training goes. */
export interface Pace {
  /** Of one step; the middle value, so that one that was held up does not count. */
  secondsPerStep: number;
  /** Of one evaluation on the validation records; none before the first. */
  secondsPerEvaluation: number | undefined;
  sequencesPerSecond: number;
}

/** The pace since the run was last started or let go on; none before there are two steps. */
export function pace(events: RunEvent[]): Pace | undefined {
  const steps: { at: number; step: number; speed: number }[] = [];
  const gaps: number[] = [];
  let evaluations = 0;
  let evaluating = 0;
  let last: { at: number; step: number } | undefined;
  for (const event of events) {
    if (event.type === 'started' || event.type === 'paused') {
      last = undefined;
      steps.length = gaps.length = 0;
    } else if (event.type === 'step') {
      const at = Date.parse(event.time);
      if (last && event.step > last.step) gaps.push((at - last.at) / 1000 / (event.step - last.step));
      last = { at, step: event.step };
      steps.push({ ...last, speed: event.sequences_per_second });
    } else if (event.type === 'evaluation' && event.split !== 'test' && last) {
      const at = Date.parse(event.time);
      evaluations += 1;
      evaluating += (at - last.at) / 1000;
      // The next step is counted from here, not from the step before the evaluation.
      last = { at, step: last.step };
    }
  }
  const recent = gaps.slice(-WINDOW).sort((a, b) => a - b);
  const middle = recent[Math.floor(recent.length / 2)];
  if (middle === undefined) return undefined;
  const speeds = steps.slice(-WINDOW / 3).map(({ speed }) => speed);
  return {
    secondsPerStep: middle,
    secondsPerEvaluation: evaluations > 0 ? evaluating / evaluations : undefined,
    sequencesPerSecond: speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length,
  };
}

/** Seconds until the last step and its evaluation, were the run to go to its end; none before there is a pace. */
export function remaining(events: RunEvent[]): number | undefined {
  const known = pace(events);
  const step = events.findLast((event) => event.type === 'step');
  if (!known || step?.type !== 'step') return undefined;
  const left = Math.max(0, step.steps - step.step);
  const every = interval(events, step.steps);
  const evaluations = Math.ceil(left / every);
  return left * known.secondsPerStep + evaluations * (known.secondsPerEvaluation ?? 0);
}

/** Steps between two evaluations: as they came, else those of an epoch. */
function interval(events: RunEvent[], steps: number): number {
  const at = events.flatMap((event) =>
    event.type === 'evaluation' && event.split !== 'test' ? [event.step] : [],
  );
  const [last, before] = [at.at(-1), at.at(-2)];
  if (last !== undefined && last > (before ?? 0)) return last - (before ?? 0);
  const started = events.findLast((event) => event.type === 'started');
  return Math.max(1, steps / (started?.type === 'started' ? started.epochs : 1));
}
