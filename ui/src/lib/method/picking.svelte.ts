import { ALL, targetsOf } from './modules';
import type { ModelModule } from '$lib/carrier';

/**
 * The modules that are ticked in the tree. A tick counts at once: until the engine has said what the settings match, the tree shows
 * what is wanted, and the next tick starts from there.
 */
export class Picking {
  #wanted = $state.raw<ReadonlySet<string> | undefined>();
  /** The targets that were set last without being typed. */
  #set = '';

  /** What the tree shows, where the engine has last said `matched`. */
  shown(matched: ReadonlySet<string>): ReadonlySet<string> {
    return this.#wanted ?? matched;
  }

  /** The targets after modules were ticked or unticked; none where nothing would be left to train. */
  toggle(
    names: string[],
    adapt: boolean,
    matched: ReadonlySet<string>,
    modules: ModelModule[],
  ): string[] | undefined {
    const wanted = new Set(this.shown(matched));
    for (const name of names)
      if (adapt) wanted.add(name);
      else wanted.delete(name);
    if (wanted.size === 0) return undefined;
    this.#wanted = wanted;
    return targetsOf([...wanted], modules);
  }

  /** The engine has answered to the settings as they stand, or they were changed otherwise. */
  settle(): void {
    this.#wanted = undefined;
  }

  /** These targets are set now: ticked, or as proposed. Whether the user had typed those before. */
  replace(before: string[], now: string[], proposed: string[]): boolean {
    const typed = !['', ALL, proposed.join(), this.#set].includes(before.join());
    this.#set = now.join();
    return typed;
  }
}
