import type { Carrier } from './carrier';
import { httpCarrier } from './http';

export type { Carrier, Command, FileKind, Job, JobCommand, Listener } from './carrier';
export type * from '../bindings';
export { Failure } from './failure';

/** The window has Tauri inside; a browser has not. */
const inWindow = '__TAURI_INTERNALS__' in globalThis;

let chosen: Carrier | undefined;

/** Chooses the carrier. Called once, before anything is shown. */
export async function openCarrier(): Promise<Carrier> {
  chosen ??= inWindow ? (await import('./tauri')).tauriCarrier() : httpCarrier();
  return chosen;
}

/** The way to the engine. */
export function engine(): Carrier {
  if (!chosen) throw new Error('the carrier is not open yet');
  return chosen;
}
