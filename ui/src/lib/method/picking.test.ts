import { expect, it } from 'vitest';
import type { ModelModule } from '$lib/carrier';
import { Picking } from './picking.svelte';

const module = (name: string): ModelModule => ({
  name,
  kind: 'Linear',
  shape: [4, 4],
  bias: false,
  parameters: 16,
  head: false,
});
const names = [0, 1, 2].map((layer) => `h.${layer}.attn`);
const modules = names.map(module);
const all: ReadonlySet<string> = new Set(names);

it('ticks that follow one another quickly all count, before the engine has answered to the first', () => {
  const picking = new Picking();
  expect(picking.toggle(['h.0.attn'], false, all, modules)).toEqual(['h.1.attn', 'h.2.attn']);
  expect(picking.toggle(['h.1.attn'], false, all, modules)).toEqual(['h.2.attn']);
  expect([...picking.shown(all)]).toEqual(['h.2.attn']);
  // What the engine has found is what is trained, whatever was wanted.
  picking.settle();
  expect(picking.shown(all)).toBe(all);
});

it('the last module cannot go: then nothing would be trained', () => {
  const picking = new Picking();
  const one = new Set(['h.1.attn']);
  expect(picking.toggle(['h.1.attn'], false, one, modules)).toBeUndefined();
  expect(picking.shown(one)).toBe(one);
  expect(picking.toggle(names, false, all, modules)).toBeUndefined();
});

it('what was typed is told from what was ticked or proposed', () => {
  const picking = new Picking();
  const proposed = ['attn'];
  const first = picking.toggle(['h.0.attn'], false, all, modules) ?? [];
  expect(picking.replace([], first, proposed)).toBe(false);
  const second = picking.toggle(['h.1.attn'], false, all, modules) ?? [];
  expect(picking.replace(first, second, proposed)).toBe(false);
  expect(picking.replace(proposed, first, proposed)).toBe(false);
  expect(picking.replace(['all-linear'], first, [])).toBe(false);
  expect(picking.replace(['h.*.attn'], first, proposed)).toBe(true);
});
