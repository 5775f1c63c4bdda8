/** The folders of runs, and the processes that work on them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export function runs(home) {
  const folder = join(home.projects, 'runs');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.map((name) => join(folder, name)).filter((path) => existsSync(join(path, 'run.json')));
}

/** The lines of a run's events so far; one that is being written is left out. */
export function events(run) {
  const path = join(run, 'events.jsonl');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  return lines.map((line) => JSON.parse(line));
}

/** The process that trains. */
export function worker(run) {
  const [found] = /\d+/.exec(readFileSync(join(run, 'lock'), 'utf8')) ?? [];
  if (found === undefined) throw new Error(`no process works on ${run}`);
  return Number(found);
}

/** Waits until `look` gives something. */
export async function until(what, look, milliseconds = 60_000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
