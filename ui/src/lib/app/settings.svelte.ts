import { engine, type Settings } from '$lib/carrier';
import { languages, setLanguage, type Language } from '$lib/messages';
import { usualLanguage } from '$lib/messages/language.svelte';
import { sayFailure } from './toasts.svelte';
import { setTheme, themes } from './theme.svelte';

/** Where the looks of the last time are kept, so that a window opens in them before the engine has answered. */
const LOOKS = 'episome.looks';

let known = $state.raw<Settings | undefined>();

/** The user's choices; none before the engine has told them. */
export function settings(): Settings | undefined {
  return known;
}

/** Reads the choices and shows the window accordingly. */
export async function readSettings(): Promise<void> {
  told = await engine().call('settings.read', {});
  apply(told);
}

/** What is asked for and not answered yet, the oldest first. */
let pending: Partial<Settings>[] = [];
/** The choices as the engine told them last. */
let told: Settings | undefined;

/**
 * Changes some of the choices, at once and for good. Only these fields are sent: another window may have changed others
 * meanwhile. One that cannot be kept goes back to what it was, and takes no later one with it.
 */
export async function changeSettings(changes: Partial<Settings>): Promise<void> {
  if (!known) return;
  pending.push(changes);
  apply({ ...known, ...changes });
  try {
    told = await engine().call('settings.change', { changes });
  } catch (error) {
    sayFailure(error);
  } finally {
    pending = pending.filter((one) => one !== changes);
    if (told) apply(pending.reduce<Settings>((all, one) => ({ ...all, ...one }), told));
  }
}

function apply(next: Settings): void {
  known = next;
  wear(next);
  localStorage.setItem(LOOKS, JSON.stringify({ theme: next.theme, language: next.language }));
}

type Looks = Pick<Settings, 'theme' | 'language'>;

function wear({ theme, language }: Looks): void {
  setTheme(themes.find((one) => one === theme) ?? 'system');
  setLanguage(languages.find((one) => one === language) ?? systemLanguage());
}

/** Opens the window in the looks of the last time. Called once. */
export function wearLastLooks(): void {
  let looks: Looks = { theme: 'system', language: null };
  try {
    looks = { ...looks, ...(JSON.parse(localStorage.getItem(LOOKS) ?? '{}') as Partial<Looks>) };
  } catch {
    // Whatever stands there is of no use; the engine will tell.
  }
  wear(looks);
}

/** The language of the system, as the web view tells it. */
function systemLanguage(): Language {
  return usualLanguage(navigator.languages);
}
