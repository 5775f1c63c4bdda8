/** Texts of the home screen. Keys begin with `home.`. */
export const home = {} as const;
