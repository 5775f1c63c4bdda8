/** Texts of the data screen. Keys begin with `data.`. */
export const data = {} as const;
