/**
 * The engine's commands and their types, until they are generated from the Rust types.
 * Everything else imports them from `$lib/carrier`.
 */

export type Kind =
  'internal' | 'usage' | 'data' | 'model' | 'adapter' | 'network' | 'file' | 'run' | 'device' | 'interrupted';
export interface EngineError {
  kind: Kind;
  message: string;
  where: string | null;
  remedy: string;
}
export interface Started {
  job: string;
}
export type JobEvent =
  | { type: 'progress'; progress: unknown }
  | { type: 'done'; answer: unknown }
  | { type: 'error'; error: EngineError };
export interface Message {
  job: string;
  event: JobEvent;
}
export type Nothing = Record<string, never>;

export interface Settings {
  language: string | null;
  theme: 'system' | 'light' | 'dark';
  projects: string | null;
  folders: string[];
  offline: boolean;
  threads: number | null;
  device: string | null;
  tour_seen: boolean;
}
export interface ColumnChoice {
  sequence?: string;
  label?: string;
  id?: string;
  split?: string;
  group?: string;
  sheet?: string;
}
export type SettingValue = boolean | number | string | SettingValue[] | null;
export interface Configuration {
  preset?: string;
  settings?: Record<string, SettingValue>;
}
export interface Draft {
  name: string;
  value: unknown;
}

export interface Commands {
  'job.cancel': { request: { job: string }; answer: Nothing };
  'settings.read': { request: Nothing; answer: Settings };
  'settings.write': { request: Settings; answer: Settings };
  'drafts.read': { request: { name: string }; answer: Draft };
  'drafts.write': { request: Draft; answer: Nothing };
}

export interface Jobs {
  'none.yet': { request: Nothing; progress: Nothing; answer: Nothing };
}
