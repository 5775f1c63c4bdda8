import { engine, type Settings } from '$lib/carrier';
import { languages, setLanguage, type Language } from '$lib/messages';
import { usualLanguage } from '$lib/messages/language.svelte';
import { sayFailure } from './toasts.svelte';
import { setTheme } from './theme.svelte';

let known = $state.raw<Settings | undefined>();

/** The user's choices; none before the engine has told them. */
export function settings(): Settings | undefined {
  return known;
}

/** Reads the choices and shows the window accordingly. */
export async function readSettings(): Promise<void> {
  apply(await engine().call('settings.read', {}));
}

/** Changes some of the choices, at once and for good. */
export async function changeSettings(change: Partial<Settings>): Promise<void> {
  if (!known) return;
  const before = known;
  apply({ ...known, ...change });
  try {
    apply(await engine().call('settings.write', { ...before, ...change }));
  } catch (error) {
    apply(before);
    sayFailure(error);
  }
}

function apply(next: Settings): void {
  known = next;
  setTheme(next.theme);
  setLanguage(languages.find((language) => language === next.language) ?? systemLanguage());
}

/** The language of the system, as the web view tells it. */
export function systemLanguage(): Language {
  return usualLanguage(navigator.languages);
}
