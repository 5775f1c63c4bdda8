import { expect, it } from 'vitest';
import { filled, lines, paragraphs } from './card';

it('a card is filled where something stands in it', () => {
  const empty = Object.fromEntries([...lines, ...paragraphs].map((name) => [name, ''])) as never;
  expect(filled(empty)).toBe(0);
  expect(filled({ ...(empty as object), title: 'Promoters', limits: ' \n' } as never)).toBe(1);
});
