/** An adapter is handed on: packed, imported by its receiver, and gives the same. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { choose, drop, goTo, settled } from '../support/browser.mjs';
import { until } from '../support/runs.mjs';
import { withFile } from '../support/zip.mjs';

export async function pack(journey) {
  const { page, home } = journey;
  await goTo(page, '#/adapters');
  await page.getByRole('button', { name: 'Check it' }).click();
  await page.getByText(/^It works: \d+ test sequences?/).waitFor({ timeout: 60_000 });

  await page.getByText('Fill it in').click();
  await page.getByLabel('Organism').fill('Simulated');
  await page.getByText('Saved', { exact: true }).waitFor();
  const card = readFileSync(join(journey.run, 'adapter/README.md'), 'utf8');
  assert.match(card, /Simulated/);
  assert.match(await page.locator('pre').innerText(), /PeftModel\.from_pretrained/);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download a zip file' }).click(),
  ]);
  journey.archive = join(home.folder, 'handed-on.zip');
  await download.saveAs(journey.archive);
}

export async function refuse({ page, home, archive }) {
  const harmful = join(home.folder, 'harmful.zip');
  writeFileSync(harmful, withFile(readFileSync(archive), 'adapter_model.bin', 'anything'));
  await choose(page, () => page.getByRole('button', { name: 'Import a zip file…' }).click(), [harmful]);
  const refused = page.getByRole('alert');
  await refused.getByText(/can run programs/).waitFor({ timeout: 60_000 });
  await refused.getByRole('button', { name: 'Dismiss' }).click();

  // What is left of a folder that is dropped on a browser.
  await drop(page, [{ name: 'adapter_model.safetensors', content: 'anything' }]);
  await refused.getByText(/is no zip file/).waitFor();
  await refused.getByRole('button', { name: 'Dismiss' }).click();
}

export async function bringIn(journey) {
  const { page, archive } = journey;
  await drop(page, [{ name: 'handed-on.zip', content: readFileSync(archive) }]);
  await page.getByRole('heading', { name: 'handed-on' }).waitFor({ timeout: 60_000 });
  await page.getByText(/gives what it gave/).waitFor();

  await page.getByRole('link', { name: 'Predict with it' }).click();
  await page.waitForURL(/#\/predict/);
  await settled(page);
  await drop(page, [{ name: 'peaks.fasta', content: journey.sequences }]);
  await page.getByText('Done', { exact: true }).waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Save…' }).click();
  await page.getByRole('radio', { name: 'CSV' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save', exact: true }).click(),
  ]);
  const rows = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\n');
  // The notes name the uploaded files, which lie in two places.
  const numbers = (lines) => lines.map((line) => line.split(',').slice(0, 8).join(','));
  assert.deepEqual(numbers(rows), numbers(journey.rows));
}

export async function throwAway({ page }) {
  await goTo(page, '#/adapters');
  const entry = page.getByRole('button', { name: /^handed-on/ });
  await entry.click();
  await page.getByRole('button', { name: 'More about this adapter' }).click();
  await page.getByRole('menuitem', { name: 'Move to the trash' }).click();
  await page.getByText('handed-on is in the trash.').waitFor();
  await until('the adapter to be gone', async () => (await entry.count()) === 0);
  // Other words with a way back may still stand.
  const said = page.locator('.toast', { hasText: 'handed-on is in the trash.' });
  await said.getByRole('button', { name: 'Undo' }).click();
  await entry.waitFor();
}
