import type { RunEvent } from '$lib/carrier';

/** Events as a run writes them, for tests. */

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();

export function started(): RunEvent {
  return {
    type: 'started',
    time: at(0),
    resumed_at: 0,
    version: '0',
    base: 'episome-mini',
    method: 'lora',
    trainable_parameters: 10,
    all_parameters: 1000,
    trainable_percent: 1,
    matched_modules: [],
    labels: ['a', 'b'],
    records: { train: 80, validation: 10, test: 10 },
    steps: 10,
    epochs: 5,
    batch_size: 16,
    longest: 32,
    device: 'cpu',
    threads: 4,
  };
}

export function step(number: number, seconds = number): RunEvent {
  return {
    type: 'step',
    time: at(seconds),
    step: number,
    steps: 10,
    epoch: number / 2,
    loss: 0.5,
    learning_rate: 1e-3,
    gradient_norm: 1,
    sequences_per_second: 16,
    tokens_per_second: 500,
  };
}

export function evaluation(step: number, mcc: number, best: boolean, seconds = step): RunEvent {
  return {
    type: 'evaluation',
    time: at(seconds),
    split: 'validation',
    step,
    epoch: step / 2,
    records: 10,
    best,
    per_class: [],
    macro_average: { precision: null, recall: null, f1: null, auroc: null, auprc: null },
    weighted_average: { precision: null, recall: null, f1: null, auroc: null, auprc: null },
    confusion: [],
    undefined: {},
    notes: [],
    accuracy: 0.7,
    precision: null,
    recall: null,
    f1: null,
    mcc,
    auroc: null,
    auprc: null,
    loss: 0.5,
  };
}
