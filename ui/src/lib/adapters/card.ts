import type { CardForm } from '$lib/carrier';

/** Fields of a model card that take a line. */
export const lines = ['title', 'organism', 'authors', 'licence'] as const satisfies (keyof CardForm)[];
/** Fields of a model card that take more. */
export const paragraphs = [
  'summary',
  'intended_use',
  'limits',
  'data',
  'citation',
] as const satisfies (keyof CardForm)[];

/** Fields that say something. */
export function filled(form: CardForm): number {
  return [...lines, ...paragraphs].filter((name) => form[name].trim() !== '').length;
}
