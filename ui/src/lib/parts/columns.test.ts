import { expect, it } from 'vitest';
import { columnsFor } from './columns';

it('cards stand in as few rows as there is room for, and as even ones as can be', () => {
  const columns = (count: number, width: number) => columnsFor(count, width, 224, 8);
  expect([columns(3, 1000), columns(4, 1000), columns(5, 1000)]).toEqual([3, 4, 3]);
  expect([columns(5, 1200), columns(6, 1000), columns(7, 1000)]).toEqual([5, 3, 4]);
  expect([columns(5, 460), columns(5, 300), columns(5, 0)]).toEqual([2, 1, 1]);
});
