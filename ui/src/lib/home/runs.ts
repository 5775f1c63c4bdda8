import type { Run, RunState } from '$lib/carrier';

/** The number that a run is shown with: what it scored on the test split, else its best on the validation split. */
export function scoreOf(run: Run): { value: number; of: 'test' | 'validation'; metric: string } | undefined {
  const metric = run.metric;
  // While it trains, how far it is says more.
  if (metric === null || run.state === 'training') return undefined;
  if (run.test !== null) return { value: run.test, of: 'test', metric };
  if (run.best !== null) return { value: run.best, of: 'validation', metric };
  return undefined;
}

/** The colour of a state. */
export function toneOf(state: RunState): 'fine' | 'fix' | 'look' | 'accent' | 'plain' {
  const tones: Record<string, 'fine' | 'fix' | 'look' | 'accent'> = {
    finished: 'fine',
    failed: 'fix',
    unfinished: 'look',
    training: 'accent',
    paused: 'accent',
  };
  return tones[state] ?? 'plain';
}
