/** Texts of the predictions screen. Keys begin with `predictions.`. */
export const predictions = {} as const;
