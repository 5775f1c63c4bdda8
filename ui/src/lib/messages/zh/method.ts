import type { method as english } from '../en/method';
import type { SameKeys } from '../types';

export const method = {} as const satisfies SameKeys<typeof english>;
