/** `episome serve` in a home of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { episome } from './places.mjs';

export async function serve(home) {
  const child = spawn(episome(), ['serve', '--json'], {
    env: home.environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`episome serve ended with ${code}`);
  });
  // Whoever waits for the address hears of it; after that it is the end of the test.
  ended.catch(() => {});
  const [line] = await Promise.race([once(lines, 'line'), ended]);
  const { url } = JSON.parse(line);
  return {
    url,
    async end() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
