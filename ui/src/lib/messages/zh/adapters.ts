import type { adapters as english } from '../en/adapters';
import type { SameKeys } from '../types';

export const adapters = {} as const satisfies SameKeys<typeof english>;
