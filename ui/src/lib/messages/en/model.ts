/** Texts of the model screen. Keys begin with `model.`. */
export const model = {} as const;
