import { afterEach, expect, it } from 'vitest';
import { setLanguage } from '$lib/messages';
import { noteText } from './notes';

afterEach(() => setLanguage('en'));

it('a note names files without their folders, and pasted text as such', () => {
  const what = "line 3, record 2 (bad): '!' at position 5 of the sequence is no nucleotide code";
  expect(noteText(`/home/a/peaks.fa, ${what}`, ['/home/a/peaks.fa'])).toBe(`peaks.fa, ${what}`);
  expect(noteText(`/home/a/.cache/episome/predictions/18-3.txt, ${what}`, [])).toBe(
    `Pasted sequences, ${what}`,
  );
});

it('a note is said in Chinese', () => {
  setLanguage('zh');
  expect(noteText('cut to the first 512 of 1250 tokens', [])).toBe('截取前 512 个词元，共 1250 个');
  expect(
    noteText(
      'cut to the first 9 of 12 tokens; unlike the training sequences: its words of four letters are others',
      [],
    ),
  ).toBe('截取前 9 个词元，共 12 个；与训练序列不同：四碱基组成不同');
});
