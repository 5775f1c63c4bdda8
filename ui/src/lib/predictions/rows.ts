/** Rows of a prediction as a table shows them: filtered, sorted, counted. */

export interface Row {
  id: string;
  /** Letters of the sequence; none where it could not be read. */
  length: number | null;
  /** The predicted class, by its place among the labels; none where there is no prediction, and then the note says why. */
  best: number | null;
  /** One for each label; empty where there is no prediction. */
  probabilities: number[];
  note: string;
}

/** Which rows are shown. */
export interface Filter {
  /** A part of the name. */
  text: string;
  /** Every row, those of one class, those that have a note, or those without a prediction. */
  kind: 'all' | 'noted' | 'unread' | number;
  /** The least probability: of the chosen class, else of the predicted one. 0 leaves rows without a prediction in. */
  least: number;
}

export const everything: Filter = { text: '', kind: 'all', least: 0 };

/** What rows are sorted by: a column's name, `probability-<number>` for a label's. */
export interface Order {
  column: string;
  descending: boolean;
}

export function confidence(row: Row): number | undefined {
  return row.best === null ? undefined : row.probabilities[row.best];
}

function matches(row: Row, filter: Filter, text: string): boolean {
  if (text && !row.id.toLowerCase().includes(text)) return false;
  const { kind, least } = filter;
  if (kind === 'unread') return row.best === null;
  if (kind === 'noted' && row.note === '') return false;
  if (typeof kind === 'number') {
    // With a threshold, every row that reaches it for this class; without one, the rows of the class.
    return least > 0 ? (row.probabilities[kind] ?? -1) >= least : row.best === kind;
  }
  return least === 0 || (confidence(row) ?? -1) >= least;
}

/** A row's value in a column; none stands last however it is sorted. */
function value(row: Row, column: string): number | string | undefined {
  switch (column) {
    case 'id':
      return row.id;
    case 'length':
      return row.length ?? undefined;
    case 'label':
      return row.best ?? undefined;
    case 'confidence':
      return confidence(row);
    case 'note':
      return row.note || undefined;
    default:
      return row.probabilities[Number(column.replace('probability-', ''))];
  }
}

const words = new Intl.Collator('en', { numeric: true });

/** The rows that a filter leaves, in an order; without one as they came. */
export function view(rows: readonly Row[], filter: Filter, order: Order | undefined): Row[] {
  const text = filter.text.trim().toLowerCase();
  const all = text === '' && filter.kind === 'all' && filter.least === 0;
  const shown = all ? rows.slice() : rows.filter((row) => matches(row, filter, text));
  if (!order) return shown;
  const sign = order.descending ? -1 : 1;
  const keyed = shown.map((row, place) => ({ row, place, key: value(row, order.column) }));
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined)
      return Number(a.key === undefined) - Number(b.key === undefined) || a.place - b.place;
    const difference =
      typeof a.key === 'number' && typeof b.key === 'number'
        ? a.key - b.key
        : words.compare(String(a.key), String(b.key));
    return sign * difference || a.place - b.place;
  });
  return keyed.map(({ row }) => row);
}

/** The order after a click on a column: first the telling end, then the other, then none. */
export function nextOrder(order: Order | undefined, column: string): Order | undefined {
  const numbers = column !== 'id' && column !== 'note' && column !== 'label';
  if (order?.column !== column) return { column, descending: numbers };
  return order.descending === numbers ? { column, descending: !numbers } : undefined;
}
