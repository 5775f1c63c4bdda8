import type { Language } from './language.svelte';
import type { Text } from './types';

const rules = new Map<Language, Intl.PluralRules>();
const numbers = new Map<Language, Intl.NumberFormat>();

/** Fills a text's braces. A name without a value is left standing, so that it is noticed. */
export function format(text: Text, language: Language, values: Record<string, string | number> = {}): string {
  return form(text, language, values['count']).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? written(value, language) : value;
  });
}

function form(text: Text, language: Language, count: string | number | undefined): string {
  if (typeof text === 'string') return text;
  let rule = rules.get(language);
  if (!rule) rules.set(language, (rule = new Intl.PluralRules(language)));
  return (rule.select(Number(count)) === 'one' ? text.one : undefined) ?? text.other;
}

function written(value: number, language: Language): string {
  let writer = numbers.get(language);
  if (!writer)
    numbers.set(language, (writer = new Intl.NumberFormat(language, { maximumFractionDigits: 4 })));
  return writer.format(value);
}
