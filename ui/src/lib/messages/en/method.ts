/** Texts of the method screen. Keys begin with `method.`. */
export const method = {} as const;
