import type { model as english } from '../en/model';
import type { SameKeys } from '../types';

export const model = {} as const satisfies SameKeys<typeof english>;
