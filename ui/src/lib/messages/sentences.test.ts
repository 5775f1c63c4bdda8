import { afterEach, expect, it } from 'vitest';
import { setLanguage } from './language.svelte';
import { said } from './said';
import { engineSentences } from './sentences';

afterEach(() => setLanguage('en'));

/** What may stand in the place of a placeholder: patterns ask for numbers or for words. */
const samples = ['7', 'x', '/x/y', 'class 1'];

/** The forms in which a sentence may come: whole, and as the rest of one, after what is wrong. */
function forms(text: string): string[] {
  const bare = text
    .replace(/\{\{/g, '(')
    .replace(/\}\}/g, ')')
    .replace(/^[\s.,;:]+|\s+$/g, '')
    .replace(/^\{(path|place|file)?\}: /, '/x/y: ');
  const whole = samples.map((sample) => bare.replace(/\{[^{}]*\}/g, sample));
  const continued = whole.map((one) => one.charAt(0).toLowerCase() + one.slice(1).replace(/\.$/, ''));
  return [...whole, ...continued];
}

/** What is wrong and what to do, which the engine tells apart: the last of its sentences says what to do. */
function parts(text: string): string[] {
  const told = /^(.+)\. (?=\p{Lu}|\{)(.+)$/su.exec(text);
  const both = told ? told.slice(1) : [text];
  return both.filter((part) => /\p{L}{2}/u.test(part.replace(/\{[^}]*\}/g, '')));
}

/** English that was left over: words in a row, none of them a name. */
const leftOver = /\b[a-z]{2,}( [a-z]{2,}){2,}\b/;
const chinese = /\p{Script=Han}/u;

const sentences = engineSentences();

it('finds the sentences of the engine', () => {
  expect(sentences.length).toBeGreaterThan(300);
  expect(sentences.map(({ text }) => text)).toContain('nothing was pasted');
});

it('every sentence of the engine that can reach a screen is there in Chinese', () => {
  setLanguage('zh');
  const isTold = (english: string) => {
    const told = said(english);
    return chinese.test(told) && !leftOver.test(told);
  };
  const isThere = (text: string) => forms(text).some(isTold);
  const missing = sentences.filter(({ text }) => !isThere(text) && !parts(text).every(isThere));
  expect(missing.map(({ place, text }) => `${place}: ${text}`)).toEqual([]);
});

it('no sentence in a window speaks of the terminal', () => {
  const terminal = /`episome |(^|[\s(])--[a-z]|\bHF_[A-Z]|\bEPISOME_[A-Z]/;
  for (const language of ['en', 'zh'] as const) {
    setLanguage(language);
    const speaksOfIt = (text: string) => forms(text).every((english) => terminal.test(said(english)));
    const wrong = sentences.filter(({ text }) => speaksOfIt(text) && parts(text).some(speaksOfIt));
    const told = wrong.map(({ place, text }) => `${place}: ${text}`);
    expect(told, language).toEqual([]);
  }
});
