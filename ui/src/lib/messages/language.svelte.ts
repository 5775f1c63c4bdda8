export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** Each language in itself. */
export const languageName: Record<Language, string> = { en: 'English', zh: '简体中文' };

const tags: Record<Language, string> = { en: 'en', zh: 'zh-Hans' };

let chosen = $state<Language>('en');

/** The language of the window. */
export function language(): Language {
  return chosen;
}

/** Changes the language at once, everywhere. */
export function setLanguage(next: Language): void {
  chosen = next;
  if (typeof document !== 'undefined') document.documentElement.lang = tags[next];
}

/** The first of the user's languages that there is a catalogue for. */
export function usualLanguage(preferred: readonly string[]): Language {
  for (const one of preferred) {
    const known = languages.find((language) => one.toLowerCase().startsWith(language));
    if (known) return known;
  }
  return 'en';
}
