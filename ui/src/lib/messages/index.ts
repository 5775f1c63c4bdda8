import { en } from './en';
import { format } from './format';
import { language, type Language } from './language.svelte';
import type { Catalogue, Key, ValuesOf } from './types';
import { zh } from './zh';

export { language, languages, languageName, setLanguage, type Language } from './language.svelte';
export * from './numbers';
export { figureIn } from './figure';
export { said } from './said';
export type { Key } from './types';

const catalogues: Record<Language, Catalogue> = { en, zh };

/**
 * The text of `key` in the user's language. Numbers among the values are written as the language writes them; where the
 * text has forms for one and for many, the value `count` decides.
 */
export function t<K extends Key>(
  key: K,
  ...values: [ValuesOf<K>] extends [never] ? [] : [Record<ValuesOf<K>, string | number>]
): string {
  const chosen = language();
  return format(catalogues[chosen][key], chosen, values[0]);
}

/** The text of a key that is put together at run time, such as a name from the engine; none where there is none. */
export function textOf(key: string, values?: Record<string, string | number>): string | undefined {
  const chosen = language();
  const text = (catalogues[chosen] as Partial<Record<string, Catalogue[Key]>>)[key];
  return text === undefined ? undefined : format(text, chosen, values);
}
