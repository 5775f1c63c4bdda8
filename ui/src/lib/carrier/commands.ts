import type {
  Columns,
  Commands as Known,
  Configuration,
  DataRequest as KnownRequest,
  Nothing,
  RunRequest,
  TrainingStarted,
} from '../bindings';

/** Commands that the window asks for and the bindings do not name yet. Each goes when its binding comes. */
export interface Coming {
  'data.rows': { request: DataRequest & { offset?: number; limit?: number }; answer: DataRows };
  'data.tokens': { request: { model: string; sequences: string[] }; answer: TokenizedSequences };
  'data.paste': { request: { text: string }; answer: { path: string } };
  'data.split_preview': { request: DataRequest & { configuration?: Configuration }; answer: SplitPreview };
  'model.fit': { request: FitRequest; answer: Fit };
  'runs.rename': { request: { run: string; name: string }; answer: TrainingStarted };
  'runs.trash': { request: RunRequest; answer: Nothing };
  'runs.restore': { request: RunRequest; answer: Nothing };
}
export type Repair = 'contradictions' | 'leaks' | 'duplicates';
export type DataRequest = KnownRequest & { repair?: Repair[] };
export interface DataRows {
  format: string;
  columns: Columns;
  names: string[];
  rows: string[][];
}
export interface TokenizedSequences {
  sequences: SequenceTokens[];
  longest_sequence: number;
}
export interface SequenceTokens {
  sequence: string;
  tokens: { id: number; token: string; start: number; end: number }[];
  problem: string | null;
}
export interface SplitPreview {
  method: string;
  labels: string[];
  parts: { name: string; records: number; per_label: number[] }[];
  remarks: string[];
}
export interface FitRequest {
  model: string;
  revision?: string;
  data: DataRequest;
  configuration?: Configuration;
}
export interface Fit {
  bytes: number;
  available_bytes: number;
  seconds: number;
  verdict: 'fits' | 'tight' | 'too_large';
  steps: number;
  trainable_parameters: number;
  longest: number;
}

export type Commands = Known & Coming;
