/** Texts of the training screen. Keys begin with `training.`. */
export const training = {} as const;
