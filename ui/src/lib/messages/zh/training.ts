import type { training as english } from '../en/training';
import type { SameKeys } from '../types';

export const training = {} as const satisfies SameKeys<typeof english>;
