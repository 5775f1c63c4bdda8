import type { results as english } from '../en/results';
import type { SameKeys } from '../types';

export const results = {} as const satisfies SameKeys<typeof english>;
