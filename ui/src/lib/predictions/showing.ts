import type { RowFilter, RowFormat, RowSort } from '$lib/carrier';
import { fileName } from '$lib/messages';

/** Which rows are shown. */
export interface Showing {
  /** A part of a name or a note. */
  text: string;
  /** Every row, or those of one class. */
  label: string | undefined;
  /** Only rows with something to note: cut, or not read at all. */
  noted: boolean;
  /** Only rows unlike anything trained on. */
  unlike: boolean;
  /** Only rows without a prediction: records that could not be read. */
  unpredicted: boolean;
  /** The least probability: of the chosen class, else of the predicted one. */
  least: number;
}

export const everything: Showing = {
  text: '',
  label: undefined,
  noted: false,
  unlike: false,
  unpredicted: false,
  least: 0,
};

export function isEverything({ text, label, noted, unlike, unpredicted, least }: Showing): boolean {
  return text.trim() === '' && label === undefined && !noted && !unlike && !unpredicted && least === 0;
}

/**
 * The same as the engine asks it. A class with a threshold means every row that reaches it for this class, also where another
 * class is more probable; without one, the rows that were given the class.
 */
export function filterOf({ text, label, noted, unlike, unpredicted, least }: Showing): RowFilter {
  const words = text.trim();
  return {
    ...(words === '' ? {} : { text: words }),
    ...(noted ? { noted } : {}),
    ...(unlike ? { unlike } : {}),
    ...(unpredicted ? { unpredicted } : {}),
    ...(label !== undefined && least > 0 ? { class: label, at_least: least } : {}),
    ...(label !== undefined && least === 0 ? { label } : {}),
    ...(label === undefined && least > 0 ? { confidence: least } : {}),
  };
}

/** The order after a click on a column: first the telling end, then the other, then that of the input. */
export function nextSort(sort: RowSort | undefined, column: string): RowSort | undefined {
  const largestFirst = column === 'length' || column === 'confidence' || column.startsWith('prob_');
  if (sort?.column !== column) return { column, descending: largestFirst };
  return sort.descending === largestFirst ? { column, descending: !largestFirst } : undefined;
}

/** What predictions are saved as; each name is the file's ending. */
export const formats = [
  'csv',
  'xlsx',
  'fasta',
  'tsv',
  'parquet',
  'jsonl',
] as const satisfies readonly RowFormat[];

/** `reads.fq.gz` becomes `reads-predictions.csv`. */
export function suggestedName(input: string[], format: RowFormat): string {
  const first = fileName(input[0] ?? '').replace(/\.(gz|bgz|bz2|xz|zst|zip)$/i, '');
  const stem = first.replace(/\.[^.]+$/, '');
  return stem === '' ? `predictions.${format}` : `${stem}-predictions.${format}`;
}
