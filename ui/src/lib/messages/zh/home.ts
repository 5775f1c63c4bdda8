import type { home as english } from '../en/home';
import type { SameKeys } from '../types';

export const home = {} as const satisfies SameKeys<typeof english>;
