import { engine, type Job } from '$lib/carrier';
import type { Listener } from '$lib/carrier/carrier';
import type { Repairs } from '$lib/bindings';

/**
 * What this screen asks the engine, where the bindings do not name it yet. Each goes when its binding comes.
 */
export interface PredictRequest {
  /** A run, an adapter folder, or the folder of a merged model. */
  adapter: string;
  input: string[];
  /** The base model, where the adapter's own name for it does not lead to it. */
  model?: string;
  skip_invalid?: boolean;
  max_length?: number;
}
export interface PredictCounts {
  sequences: number;
  invalid: number;
  truncated: number;
  tokens: number;
  letters: number;
}
export interface PredictedRow {
  id: string;
  length: number | null;
  /** The predicted class, by its place among the labels. */
  label: number | null;
  probabilities: number[];
  note: string;
}
export interface PredictProgress extends PredictCounts {
  labels: string[];
  /** The rows since the last word. */
  rows: PredictedRow[];
}
export interface Predicted extends PredictCounts {
  /** The rows as the engine keeps them. */
  out: string;
  complete: boolean;
  max_length: number;
  repairs: Repairs;
  seconds: number;
}
export interface SaveRequest {
  /** `Predicted.out`. */
  prediction: string;
  /** Its ending names the format; absent: a new file in the folder of projects. */
  out?: string;
  format: string;
}

interface Hearing {
  progress: (progress: PredictProgress) => void;
  done: (answer: Predicted) => void;
  failed: (error: unknown) => void;
}

export function startPredicting(request: PredictRequest, hearing: Hearing): Job {
  return engine().follow('predict.start' as never, request as never, hearing as unknown as Listener<never>);
}

export function savePrediction(request: SaveRequest): Promise<{ path: string }> {
  return engine().call('predict.save' as never, request as never) as Promise<{ path: string }>;
}
