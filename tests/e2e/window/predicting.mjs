/** Dropped and pasted sequences become rows. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fasta, picture } from '../support/files.mjs';

const RECORDS = 300;
const BROKEN = 7;

/** Drops a file on the window, as the system does. */
async function drop({ page, home }, name, content, veil) {
  const path = join(home.folder, name);
  writeFileSync(path, content);
  await page.drag('drag-enter', [path]);
  await page.see(veil);
  await page.drag('drag-drop', [path]);
}

export async function refuse(journey) {
  const { page, run } = journey;
  await page.goTo(`#/predict?run=${encodeURIComponent(run)}`);
  await drop(journey, 'figure.fasta', picture, 'Drop to predict these sequences');
  await page.see('What to do');
  await page.see('figure.fasta');
  await page.press('Dismiss');
}

export async function predict(journey) {
  const { page } = journey;
  await drop(journey, 'peaks.fasta', fasta(RECORDS, BROKEN), 'Drop to predict these sequences');
  await page.see('1 record could not be read', 120_000);
  await page.see(`${RECORDS} rows`);
  await page.press('Show them');
  await page.settled();
  const first = await page.evaluate(() => document.querySelectorAll('[role=row]')[1].innerText);
  assert.match(first, /^peak7\b/, 'it stands above all others');
}

export async function paste({ page }) {
  await page.press('Paste…');
  await page.see('Use these');
  await page.fill('textarea', fasta(20, 3));
  await page.press('Use these');
  await page.see('20 rows', 120_000);
  await page.see('1 record could not be read');
}
