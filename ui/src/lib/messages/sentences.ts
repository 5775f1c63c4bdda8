import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A sentence that stands in the engine's source. */
export interface Sentence {
  /** Where, such as `crates/api/src/error.rs:90`. */
  place: string;
  /** As it stands there, with the placeholders of Rust. */
  text: string;
}

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Source whose words reach no screen of the window, and why. */
const elsewhere: [RegExp, string][] = [
  [/^crates\/cli\/(?!src\/commands\/serve\/(routes|files))/, 'what the terminal says itself'],
  [
    /^src-tauri\/(build|main|start|closing|window)\.rs/,
    'what a terminal hears, and a dialog with its own Chinese',
  ],
  [/\/(pretrain|simulate)\/|\/(pretraining|simulation)\.rs/, 'commands that the window has not'],
  [/\/wire\/bindings\.rs/, 'the generator of the bindings'],
  [/\/hyperparameter(_table|_page|s)\.rs/, 'the settings, which have a test of their own'],
  [
    /\/card\.rs|\/adapter_card\.rs|\/dome\.rs|\/report\/html|\/report\/format\.rs/,
    'English documents: model card, report, methods',
  ],
  [/_test\.rs$|\/tests?(\.rs$|\/)/, 'tests'],
  [
    /\/audit\/(findings|display)\.rs|\/repairs\.rs/,
    'what the window tells by its own words, from the numbers',
  ],
  [
    /\/report\/(words|figures|simulated)\.rs|\/bars\.rs|\/matrix\.rs/,
    'sentences of many parts: figures have a test of whole ones',
  ],
  [/\/(pickle|pickle_file|safetensors_file)\.rs/, 'what is wrong inside a damaged file, for who mends it'],
  [
    /\/text\.rs|\/clock\.rs|\/estimate\.rs|\/refusal\.rs/,
    'typefaces, forms of dates, formulas, words of the Hub',
  ],
  [/^crates\/kernels\//, 'a defect of the program, told with its own remedy'],
];

/** What stands before a text that is no sentence for a person: names, tests, attributes. */
const notTold =
  /(Kind::\w+, \d+, $|.join\(|starts_with\(|POLICY|let policy|println!|eprintln!|panic!|unreachable!|assert\w*!|\.expect\(|\.contains\(|\.name\(|write!|#!?\[(?!error)\w+)[^;{]{0,80}$/;

/** Every sentence of the engine that can reach a screen. */
export function engineSentences(): Sentence[] {
  return sources().flatMap((path) => {
    const source = readFileSync(root + path, 'utf8').split(/^#\[cfg\(test\)\]\n(?:#\[.*\n)*mod /m)[0] ?? '';
    return literals(source)
      .map(({ at, text }) => {
        // What could not be done to a file is put together from a verb.
        const isDone = /(Error::file\(|action: )\s*$/.test(source.slice(Math.max(0, at - 40), at));
        return { at, text: isDone ? `cannot ${text} {path}: {reason}` : text };
      })
      .filter(({ at, text }) => isSentence(text) && !notTold.test(source.slice(Math.max(0, at - 120), at)))
      .map(({ at, text }) => ({ place: `${path}:${source.slice(0, at).split('\n').length}`, text }));
  });
}

function sources(): string[] {
  const files = (folder: string) =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`);
  const all = [...files('crates'), ...files('src-tauri')].map((path) => path.replaceAll('\\', '/'));
  const told = all.filter((path) => path.endsWith('.rs') && /^(crates\/\w+\/src|src-tauri)\//.test(path));
  return told.filter((path) => !elsewhere.some(([like]) => like.test(path))).sort();
}

/** Words in a row, other than placeholders. */
function isSentence(text: string): boolean {
  const words = text.replace(/\{[^}]*\}/g, ' ').match(/\p{L}{2,}/gu) ?? [];
  return words.length >= 2 && /\p{L} \S/u.test(text.replace(/\{[^}]*\}/g, 'x')) && !/^[-#\n<]|\n/.test(text);
}

/** The texts in a source, without those in comments. */
function literals(source: string): { at: number; text: string }[] {
  const found: { at: number; text: string }[] = [];
  const parts =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|\bb?r(#*)"([\s\S]*?)"\1|'(?:\\[^']+|[^'\\])'|b?"((?:[^"\\]|\\[\s\S])*)"/g;
  for (const part of source.matchAll(parts)) {
    const text = part[2] ?? part[3];
    // Bytes are marks of file formats.
    if (text !== undefined && !part[0].startsWith('b'))
      found.push({ at: part.index, text: part[2] ?? plain(text) });
  }
  return found;
}

function plain(text: string): string {
  return text
    .replace(/\\\n\s*/g, '')
    .replace(/\\n/g, '\n')
    .replace(/\\(.)/g, '$1');
}
