import type { Commands as Known, DataRequest, Configuration, ClassCount } from '../bindings';

/**
 * Commands that the window asks for and the engine's bindings do not name yet. Each goes when its binding comes.
 */
export interface Coming {
  /** Rows as they stand in the file, for the table in whose header columns are chosen. */
  'data.rows': { request: DataRequest & { offset: number; limit: number }; answer: DataRows };
  /** Sequences as the model reads them. */
  'data.tokens': { request: { model: string; sequences: string[] }; answer: { sequences: TokenSpan[][] } };
  /** Keeps pasted text as a file. */
  'data.paste': { request: { text: string }; answer: { path: string } };
  /** How the records would be divided. */
  'data.split_preview': { request: DataRequest & { configuration: Configuration }; answer: SplitPreview };
  /** What a training with this model would need here. */
  'model.fit': {
    request: Omit<DataRequest, 'model'> & { model: string; configuration: Configuration };
    answer: Fit;
  };
}
export interface Fit {
  bytes: number;
  seconds: number | null;
  available: number | null;
  verdict: 'fits' | 'tight' | 'too_large';
  reason: string | null;
}
export interface DataRows {
  columns: string[];
  rows: string[][];
  total: number | null;
}
export interface TokenSpan {
  text: string;
  id: number;
}
export interface SplitPreview {
  parts: { name: string; records: number; labels: ClassCount[] }[];
  method: string;
}

export type Commands = Known & Coming;
