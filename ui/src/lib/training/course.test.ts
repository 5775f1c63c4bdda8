import { describe, expect, it } from 'vitest';
import type { RunEvent } from '$lib/carrier';
import { course, joined } from './course';
import { evaluation, started, step } from './examples';
import { pace, remaining } from './pace';
import { story } from './story';

describe('the events of a run', () => {
  const events: RunEvent[] = [
    started(),
    step(1),
    step(2),
    evaluation(2, 0.4, true),
    step(3),
    evaluation(4, 0.3, false),
  ];

  it('come to the last step and the best validation', () => {
    const now = course(events);
    expect(now.step?.step).toBe(3);
    expect(now.best?.step).toBe(2);
    expect(now.validations).toHaveLength(2);
  });

  it('are taken back from where a resumed run begins again', () => {
    const again = joined(events, 2, [step(2)]);
    expect(again).toHaveLength(3);
    expect(joined(events, events.length, [])).toBe(events);
  });

  it('are told: the best, what was no better, and the early end', () => {
    const finished: RunEvent = {
      type: 'finished',
      time: '2026-01-01T00:00:20Z',
      step: 4,
      epoch: 2,
      adapter: 'a',
      report: 'r',
      best_step: 2,
      metric: 'mcc',
      best: 0.4,
      ended_early: 'no better MCC',
      on_request: false,
      seconds: 20,
    };
    const told = story([...events, finished], 'mcc').map((one) => one.text);
    expect(told[1]).toContain('0.400');
    expect(told[2]).toContain('version of epoch 1');
    expect(told.at(-1)).toBe('Validation stopped improving at epoch 1; that version is kept.');
  });
});

describe('the time that is left', () => {
  it('is unknown before two steps', () => {
    expect(remaining([started(), step(1)])).toBeUndefined();
  });

  it('counts the steps and the evaluations to come', () => {
    // A second for a step, three for an evaluation after every second step, ten steps in all.
    const events = [started(), step(1, 1), step(2, 2), evaluation(2, 0.1, true, 5), step(3, 6), step(4, 7)];
    expect(pace(events)).toMatchObject({ secondsPerStep: 1, secondsPerEvaluation: 3 });
    expect(remaining(events)).toBe(6 * 1 + 3 * 3);
  });

  it('does not count the time of a pause, nor one step that was held up', () => {
    const paused: RunEvent = { type: 'paused', time: at(4), step: 3, reason: '' };
    const events = [
      started(),
      step(1, 1),
      step(2, 2),
      step(3, 3),
      paused,
      step(4, 900),
      step(5, 901),
      step(6, 902),
    ];
    expect(pace(events)?.secondsPerStep).toBe(1);
    const held = [started(), step(1, 1), step(2, 2), step(3, 60), step(4, 61), step(5, 62)];
    expect(pace(held)?.secondsPerStep).toBe(1);
  });
});

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
