/** Texts of the results screen. Keys begin with `results.`. */
export const results = {} as const;
