import { beforeEach, expect, it, vi } from 'vitest';
import type { RowsRequest } from '$lib/carrier';
import { everything } from './showing';

const call = vi.fn<(command: string, request: RowsRequest) => Promise<unknown>>();
vi.mock('$lib/carrier', () => ({ engine: () => ({ call }), Failure: { of: (error: unknown) => error } }));
const { Pages } = await import('./pages.svelte');

/** What the engine answers where a thousand rows match. */
const page = ({ offset = 0, limit = 100 }: RowsRequest) => ({
  total: 1000,
  matched: 1000,
  labels: ['a', 'b'],
  rows: Array.from({ length: limit }, (_, index) => ({ id: `r${offset + index}` })),
});
const settled = () => new Promise((resolve) => setTimeout(resolve));
const offsets = () => call.mock.calls.map(([, request]) => request.offset);

beforeEach(() => {
  call.mockReset();
  call.mockImplementation((_, request) => Promise.resolve(page(request)));
});

it('asks for what is in sight, once, and leaves holes elsewhere', async () => {
  const pages = new Pages();
  pages.open('job');
  await pages.refresh();
  expect([pages.rows.length, pages.total]).toEqual([1000, 1000]);
  pages.reach(550);
  pages.reach(560);
  await settled();
  expect(offsets()).toEqual([0, 400, 500]);
  expect(pages.rows[99]?.id).toBe('r99');
  expect(pages.rows[100]).toBeUndefined();
  expect(pages.rows[550]?.id).toBe('r550');
});

it('takes no late answer to an older question', async () => {
  const pages = new Pages();
  pages.open('job');
  let answerLate: (answer: unknown) => void = () => {};
  call.mockReturnValueOnce(new Promise((resolve) => (answerLate = resolve)));
  void pages.refresh();
  pages.show({ ...everything, text: 'r' });
  await settled();
  answerLate({ total: 1, matched: 1, labels: [], rows: [{ id: 'old' }] });
  await settled();
  expect(pages.rows[0]?.id).toBe('r0');
  expect(call.mock.lastCall?.[1].filter).toEqual({ text: 'r' });
});

it('asks for the rows in sight anew when the order changes', async () => {
  const pages = new Pages();
  pages.open('job');
  await pages.refresh();
  pages.reach(990);
  await settled();
  pages.sortBy({ column: 'confidence', descending: true });
  await settled();
  expect(offsets().at(-1)).toBe(900);
  expect(pages.rows[950]?.id).toBe('r950');
  expect(pages.rows[0]).toBeUndefined();
  expect(call.mock.lastCall?.[1].sort).toEqual({ column: 'confidence', descending: true });
});
