import type { en } from './en';

/** A text, or its forms for one thing and for many. */
export type Text = string | { readonly one?: string; readonly other: string };

/** The name of a text. */
export type Key = keyof typeof en;

/** A catalogue has exactly the keys of the English one. */
export type Catalogue = Record<Key, Text>;

/** A catalogue in another language of the same part: the same keys. */
export type SameKeys<English> = Record<keyof English, Text>;

type Placeholders<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;

/** The names in braces of a text. */
export type ValuesOf<K extends Key> = (typeof en)[K] extends string
  ? Placeholders<(typeof en)[K]>
  : 'count' | Placeholders<(typeof en)[K][keyof (typeof en)[K]]>;
