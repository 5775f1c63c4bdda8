import type { predictions as english } from '../en/predictions';
import type { SameKeys } from '../types';

export const predictions = {} as const satisfies SameKeys<typeof english>;
