import { Draft } from '$lib/app/draft.svelte';

/** What is to be predicted with what. */
export interface Asked {
  adapter: string | undefined;
  input: string[];
  text: string | undefined;
  /** Give a record that cannot be read a row with a note, instead of stopping there. */
  go_on: boolean;
  max_length: number | undefined;
}

export const asked = $state<Asked>({
  adapter: undefined,
  input: [],
  text: undefined,
  go_on: true,
  max_length: undefined,
});

export const hasInput = (): boolean => asked.input.length > 0 || asked.text !== undefined;

const draft = new Draft<Asked>('prediction');

/** Finds what was asked the last time, tells when that is there, and keeps saving it. Called inside a component. */
export function keepAsked(found: () => void): void {
  draft.keep(
    () => $state.snapshot(asked),
    (before) => {
      // What was dropped meanwhile is newer.
      if (before && !hasInput()) Object.assign(asked, before);
      found();
    },
  );
}
