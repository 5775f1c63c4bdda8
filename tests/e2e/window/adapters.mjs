/** An adapter is handed on: saved where the system's own dialog says, and taken in by its receiver. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/runs.mjs';

export async function save(journey) {
  const { page, home, desktop } = journey;
  await page.goTo('#/adapters');
  await page.press('Check it');
  await page.see('It works:', 120_000);
  journey.archive = join(home.folder, 'handed-on.zip');
  await page.press('Save a zip file…');
  await desktop.answer('Save File', journey.archive);
  await page.see('Packed as handed-on.zip', 120_000);
  // This desktop has no file manager in which it could be shown.
  await page.see('could not be shown');
  await page.press('Dismiss');
  assert.equal(readFileSync(journey.archive).subarray(0, 2).toString(), 'PK');
  const beside = readdirSync(home.folder).filter((name) => name.startsWith('handed-on'));
  assert.deepEqual(beside, ['handed-on.zip'], 'one file, and no folder beside it');
}

export async function bringIn({ page, home, archive }) {
  await page.drag('drag-enter', [archive]);
  await page.see('Drop to take this adapter into the library');
  await page.drag('drag-drop', [archive]);
  await page.see('gives what it gave', 120_000);
  const taken = join(home.projects, 'adapters/handed-on/adapter_config.json');
  await until('the adapter in the library', () => existsSync(taken));
}
