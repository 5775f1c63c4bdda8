import type { data as english } from '../en/data';
import type { SameKeys } from '../types';

export const data = {} as const satisfies SameKeys<typeof english>;
