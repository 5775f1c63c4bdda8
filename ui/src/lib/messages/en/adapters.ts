/** Texts of the adapters screen. Keys begin with `adapters.`. */
export const adapters = {} as const;
