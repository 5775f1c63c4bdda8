/** Results are judged: the line is moved, a figure is saved, the paragraph is copied, and the run is compared with another. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goTo, settled } from '../support/browser.mjs';

/** The records of the run's test split: whether each is of the class, and the probability that it was given. */
function scored(run, label) {
  const [header, ...lines] = readFileSync(join(run, 'report/predictions.csv'), 'utf8').trim().split('\n');
  const columns = header.split(',');
  const [truth, probability] = ['true_label', `prob_${label}`].map((name) => columns.indexOf(name));
  return lines.map((line) => line.split(',')).map((row) => [row[truth] === label, Number(row[probability])]);
}

export async function judge({ page, run }) {
  await goTo(page, `#/results?run=${encodeURIComponent(run)}`);
  const slider = page.getByRole('slider', { name: /^Probability from which a sequence is called/ });
  const label = /called (.+)$/.exec(await slider.getAttribute('aria-label'))[1];
  await slider.focus();
  for (let step = 0; step < 20; step++) await page.keyboard.press('ArrowRight');
  const threshold = 0.7;
  const card = page.locator('.card').filter({ has: slider }).last();
  await card.getByText(String(threshold), { exact: true }).waitFor();
  const records = scored(run, label);
  const count = (is, called) =>
    records.filter(([truth, probability]) => truth === is && probability >= threshold === called).length;
  const counted = [count(true, true), count(true, false), count(false, true), count(false, false)];
  const shown = await card.locator('table td.right, table td.wrong').allInnerTexts();
  assert.deepEqual(shown.map(Number), counted, 'the counts are those of the predictions in the report');

  await page
    .getByRole('button', { name: /^Save the figure “Confusion/i })
    .first()
    .click();
  for (const [format, begins] of [
    ['SVG', '<svg'],
    ['PNG', '\x89PNG'],
    ['PDF', '%PDF'],
  ]) {
    if (format !== 'SVG')
      await page
        .getByRole('button', { name: /^Save the figure “Confusion/i })
        .first()
        .click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: new RegExp(format) }).click(),
    ]);
    const file = readFileSync(await download.path(), 'latin1');
    assert.ok(
      file.slice(0, 200).includes(begins),
      `${format} begins with ${JSON.stringify(file.slice(0, 20))}`,
    );
  }

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const paper = page
    .locator('.card')
    .filter({ has: page.locator('blockquote') })
    .last();
  await paper.getByRole('button', { name: 'Copy', exact: true }).first().click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, await paper.locator('blockquote').innerText());
  const { model, baseline } = JSON.parse(readFileSync(join(run, 'report/metrics.json'), 'utf8'));
  for (const { mcc } of [model, baseline]) {
    assert.ok(copied.includes(mcc.toFixed(3)), `the paragraph tells the MCC ${mcc}`);
  }
}

/** The same run once more, with another rank: only that differs. */
export async function compare({ page, run }) {
  const other = `${run}-again`;
  cpSync(run, other, { recursive: true });
  const description = join(other, 'run.json');
  const changed = JSON.parse(readFileSync(description, 'utf8'));
  changed.hyperparameters.rank += 4;
  writeFileSync(description, JSON.stringify(changed));
  try {
    await page.reload();
    await goTo(page, `#/results?run=${encodeURIComponent(run)}`);
    const heading = page.getByRole('heading', { name: 'Compare with other runs' });
    const card = page.locator('.card').filter({ has: heading }).last();
    await card.getByRole('checkbox').first().click();
    await page.getByText('Settings that differ').waitFor();
    await settled(page);
    const text = await card.innerText();
    assert.match(
      text,
      new RegExp(`Rank[^\\n]*\\s+${changed.hyperparameters.rank - 4}\\s+${changed.hyperparameters.rank}`),
    );
    assert.ok(!/Learning rate/.test(text), 'what is the same is not shown');
  } finally {
    rmSync(other, { recursive: true });
  }
}

/** From the results to where predictions are made. */
export async function goOn({ page, run }) {
  await goTo(page, `#/results?run=${encodeURIComponent(run)}`);
  await page.getByRole('link', { name: 'Predict with it' }).click();
  await page.waitForURL(/#\/predict/);
  await settled(page);
}
