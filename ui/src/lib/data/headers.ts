/** Where in FASTA and FASTQ headers a label may stand, in the words that the engine takes as the column of labels. */
export interface HeaderPlace {
  /** `file`, the number of a field, or a key. */
  value: string;
  kind: 'file' | 'field' | 'key';
  /** What stands there in the first records, each once. */
  examples: string[];
}

/** Examples shown of a place. */
const EXAMPLES = 3;

/** The places that the headers have in common: keys first, then fields after the first, which is the name; then the file's name. */
export function places(headers: string[]): HeaderPlace[] {
  const keys = common(headers.map((header) => new Map(keyed(header))));
  const fields = common(
    headers.map((header) => new Map(cut(header).map((text, index) => [String(index + 1), text]))),
  );
  return [
    ...keys.map(([value, examples]) => ({ value, kind: 'key' as const, examples })),
    ...fields
      .filter(([value, examples]) => value !== '1' && !examples.some((text) => /[=:]/.test(text)))
      .map(([value, examples]) => ({ value, kind: 'field' as const, examples })),
    { value: 'file', kind: 'file', examples: [] },
  ];
}

/** Fields as the engine counts them: between blanks and bars. */
function cut(header: string): string[] {
  return header.split(/[|\s]+/).filter(Boolean);
}

function keyed(header: string): [string, string][] {
  const found = header.matchAll(/(?:^|[\s|;,[])([A-Za-z_][\w-]*)[=:]("[^"]*"|[^\s|;,\]]+)/g);
  return [...found].map(([, key = '', value = '']) => [key, value.replaceAll('"', '')]);
}

/** What every header has, with the values that stand there. */
function common(headers: Map<string, string>[]): [string, string[]][] {
  const [first, ...others] = headers;
  if (!first) return [];
  return [...first.keys()]
    .filter((name) => others.every((header) => header.has(name)))
    .map((name) => [name, [...new Set(headers.map((header) => header.get(name) ?? ''))].slice(0, EXAMPLES)]);
}
