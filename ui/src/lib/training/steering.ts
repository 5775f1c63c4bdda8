import type { Run } from '$lib/carrier';

/** What can be done with a run as it stands, the most likely first. */
export type Deed = 'pause' | 'stop' | 'resume' | 'finish' | 'results' | 'predict';

/** `lost`: the engine says that a failed run cannot go on. */
export function deedsOf(run: Pick<Run, 'state' | 'adapter' | 'step'>, lost: boolean): Deed[] {
  switch (run.state) {
    case 'training':
      return ['pause', 'stop'];
    case 'paused':
      return ['resume', 'stop'];
    case 'finished':
      return ['results'];
    default:
      // The best version so far is an adapter like any other; that it was judged on the test records only a report can say.
      return [
        ...(lost ? [] : ['resume' as const]),
        ...(lost || !run.step ? [] : ['finish' as const]),
        ...(run.adapter === null ? [] : ['predict' as const]),
      ];
  }
}
