/** Dropped files become rows, and rows a file. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { drop, settled } from '../support/browser.mjs';
import { fasta, picture } from '../support/files.mjs';

const RECORDS = 300;
const BROKEN = 7;

export async function refuse({ page }) {
  await drop(page, [{ name: 'figure.fasta', content: picture }]);
  const refused = page.getByRole('alert');
  await refused.getByText('What to do').waitFor({ timeout: 60_000 });
  assert.match(await refused.innerText(), /figure\.fasta/);
  await refused.getByRole('button', { name: 'Dismiss' }).click();
}

export async function predict(journey) {
  const { page } = journey;
  journey.sequences = fasta(RECORDS, BROKEN);
  await drop(page, [{ name: 'peaks.fasta', content: journey.sequences }]);
  await page.getByText('Done', { exact: true }).waitFor({ timeout: 120_000 });
  await page.getByText('1 record could not be read').waitFor();
  await page.getByText(`${RECORDS} rows`).first().waitFor();
  await page.getByRole('button', { name: 'Show them', exact: true }).click();
  await page.getByText(/\d+ of 300 rows/).waitFor();
  await settled(page);
  // It stands above all others that have something to note.
  assert.match(await page.getByRole('row').nth(1).innerText(), /^peak7\b/);
  const row = page.getByRole('row').filter({ hasText: new RegExp(`^\\s*peak${BROKEN}\\D`) });
  await row.click();
  const told = page.getByRole('dialog');
  await told.getByText(`record ${BROKEN}`).first().waitFor();
  const text = await told.innerText();
  assert.match(text, /peaks\.fasta, line \d+, record 7 \(peak7\): '!' at position 41/);
  assert.match(text, /Correct the record/);
  await page.keyboard.press('Escape');
  await told.waitFor({ state: 'detached' });
  // The model has seen sequences of 120 bases with a rule in them; these are 200 bases of noise.
  await page.getByText(/sequences are unlike anything that the model was trained on/).waitFor();
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
}

/** The file that a format gives. */
async function saved(page, format) {
  await page.getByRole('button', { name: 'Save…' }).click();
  await page.getByRole('radio', { name: format }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save', exact: true }).click(),
  ]);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  return readFileSync(await download.path());
}

export async function save(journey) {
  const { page } = journey;
  const rows = (await saved(page, 'CSV')).toString('utf8').trim().split('\n');
  assert.equal(rows.length, RECORDS + 1, 'a row for each record, and the header');
  assert.match(rows[0], /^id,length,predicted_label,confidence,prob_background,prob_signal/);
  assert.match(rows[BROKEN], /^peak7,,,/, 'the broken record keeps its row');
  journey.rows = rows;

  const sheet = await saved(page, 'XLSX');
  assert.equal(sheet.subarray(0, 2).toString(), 'PK');
  const text = (await saved(page, 'FASTA')).toString('utf8');
  assert.match(text, /^>peak1 .*label=(background|signal)/);
  const parquet = await saved(page, 'Parquet');
  assert.equal(parquet.subarray(0, 4).toString(), 'PAR1');

  await page.getByRole('searchbox').fill('peak12');
  await page.getByText(/11 of 300 rows/).waitFor();
  await page.getByRole('button', { name: 'Confidence' }).click();
  await settled(page);
  const order = await page.getByRole('row').locator('.sure').allInnerTexts();
  assert.deepEqual(
    order,
    [...order].sort((a, b) => Number(b) - Number(a)),
    'the surest first',
  );
  await page.getByRole('button', { name: 'Save…' }).click();
  await page.getByRole('radio', { name: /The 11 shown/ }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
}

export async function stop({ page }) {
  await drop(page, [{ name: 'many.fasta', content: fasta(20_000) }]);
  // While it is handed over, the rows before are still there.
  await page.getByText('many.fasta').first().waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ timeout: 60_000 });
  await page
    .locator('strong', { hasText: /^[1-9][\d,]* rows?$/ })
    .first()
    .waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByText('Stopped', { exact: true }).waitFor();
  const rows = (await saved(page, 'CSV')).toString('utf8').trim().split('\n').length - 1;
  assert.ok(rows > 0 && rows < 20_000, `${rows} rows are kept`);
}
