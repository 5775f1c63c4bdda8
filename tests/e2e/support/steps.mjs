/** Steps of a journey: once one has failed, the next ones have nothing to stand on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { screenshots } from './places.mjs';

/** A way to name steps; where one of the journey `title` fails, `picture` is asked what the screen showed. */
export function journeyOf(title, picture) {
  let broken = false;
  return (name, work) =>
    test(name, { timeout: 600_000 }, async (context) => {
      if (broken) return context.skip('a step before this one failed');
      try {
        await work();
      } catch (error) {
        broken = true;
        const path = join(screenshots(), `failed-${title}.png`);
        const shown = await picture().catch(() => undefined);
        if (shown) {
          writeFileSync(path, shown);
          context.diagnostic(`the screen then: ${path}`);
        }
        throw error;
      }
    });
}
