import { describe, expect, it } from 'vitest';
import { en } from './en';
import { format } from './format';
import { usualLanguage } from './language.svelte';
import type { Text } from './types';
import { zh } from './zh';

const english = en as Record<string, Text>;
const chinese = zh as Record<string, Text>;

/** The names in braces, of any of a text's forms. */
function placeholders(text: Text): string[] {
  const forms = typeof text === 'string' ? [text] : [text.one ?? '', text.other];
  const names = forms.flatMap((form) => [...form.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''));
  return [...new Set(names)].filter((name) => name !== 'count').sort();
}

describe('the catalogues', () => {
  it('have the same keys', () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
  });

  it('have the same placeholders under each key', () => {
    for (const [key, text] of Object.entries(english)) {
      expect(placeholders(chinese[key] ?? ''), key).toEqual(placeholders(text));
    }
  });

  it('keep the count where English has it', () => {
    const counts = (text: Text) => (typeof text === 'string' ? text : text.other).includes('{count}');
    for (const [key, text] of Object.entries(english)) {
      expect(counts(chinese[key] ?? ''), key).toBe(counts(text));
    }
  });

  it('have no empty text, and none that was left in English', () => {
    // Names and units that Chinese writes as they are.
    const same =
      /^[\s\d\W]*$|^(“\{label\}”$|Episome|MCC|AUROC|AUPRC|F1|DNA|Hugging Face|Python|BibTeX|CSV|TSV|XLSX|FASTA|FASTQ|Parquet|SVG|PNG|PDF|GC|LoRA|\{\w+\})/;
    for (const [key, text] of Object.entries(chinese)) {
      const written = typeof text === 'string' ? text : text.other;
      expect(written.trim(), key).not.toBe('');
      const source = english[key];
      const original = typeof source === 'string' ? source : (source?.other ?? '');
      if (written === original) expect(written, key).toMatch(same);
    }
  });
});

describe('a text', () => {
  it('takes the form of its count and writes numbers in its language', () => {
    const text = { one: '{count} record', other: '{count} records' };
    expect(format(text, 'en', { count: 1 })).toBe('1 record');
    expect(format(text, 'en', { count: 4000 })).toBe('4,000 records');
    expect(format({ other: '{count} 条记录' }, 'zh', { count: 1 })).toBe('1 条记录');
  });

  it('is in the first known language of the user', () => {
    expect(usualLanguage(['fr-CH', 'zh-CN', 'en'])).toBe('zh');
    expect(usualLanguage(['fr'])).toBe('en');
  });
});
