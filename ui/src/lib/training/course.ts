import type { RunEvent } from '$lib/carrier';

type Of<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
export type StepEvent = Of<'step'>;
export type Evaluation = Of<'evaluation'>;

/** What the events of a run come to. */
export interface Course {
  started: Of<'started'> | undefined;
  /** The last step. */
  step: StepEvent | undefined;
  /** What the run is busy with beside its steps. */
  stage: Of<'progress'> | undefined;
  /** Scores on the validation records, in their order. */
  validations: Evaluation[];
  /** The validation that was the best so far. */
  best: Evaluation | undefined;
  test: Evaluation | undefined;
  finished: Of<'finished'> | undefined;
  failed: Of<'failed'> | undefined;
}

/** Reads the events of a run. */
export function course(events: RunEvent[]): Course {
  const found: Course = {
    started: undefined,
    step: undefined,
    stage: undefined,
    validations: [],
    best: undefined,
    test: undefined,
    finished: undefined,
    failed: undefined,
  };
  for (const event of events) {
    switch (event.type) {
      case 'started':
        found.started = event;
        found.stage = found.failed = undefined;
        break;
      case 'progress':
        found.stage = event;
        break;
      case 'step':
        found.step = event;
        found.stage = found.failed = undefined;
        break;
      case 'evaluation':
        if (event.split === 'test') found.test = event;
        else {
          found.validations.push(event);
          if (event.best) found.best = event;
        }
        break;
      case 'finished':
        found.finished = event;
        found.stage = undefined;
        break;
      case 'failed':
        found.failed = event;
        break;
    }
  }
  return found;
}

/** What is known after new events came: those from `first` on replace what was known from there. */
export function joined(known: RunEvent[], first: number, events: RunEvent[]): RunEvent[] {
  if (events.length === 0 && first >= known.length) return known;
  return [...known.slice(0, first), ...events];
}

/** The value of a metric in an evaluation. */
export function metricOf(evaluation: Evaluation, metric: string): number | null {
  const value = (evaluation as unknown as Record<string, unknown>)[metric];
  return typeof value === 'number' ? value : null;
}
