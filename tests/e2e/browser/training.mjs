/** From the sample project to a result. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settled } from '../support/browser.mjs';
import { events, runs, until, worker } from '../support/runs.mjs';
import { deadWorker } from './states.mjs';

export async function skipTour({ page }) {
  await page.getByRole('button', { name: 'Skip', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('heading', { name: 'Try the sample project' }).waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0, 'the tour comes once');
}

export async function checkSample({ page }) {
  await page.getByRole('link', { name: 'Train a classifier' }).click();
  await page.getByRole('button', { name: 'Use the sample project' }).click();
  await page.getByRole('heading', { name: 'Check-up' }).waitFor({ timeout: 60_000 });
  await page.getByText('4,000 records').first().waitFor();
  await settled(page);
  await page.getByRole('link', { name: 'Choose a model' }).click();
}

export async function start(journey) {
  const { page, home } = journey;
  const use = page.getByRole('button', { name: 'Use: episome-mini' });
  await page.getByText('episome-mini').first().waitFor();
  if (await use.isVisible()) await use.click();
  await page.getByRole('link', { name: 'Choose a method' }).click();
  await page.getByText('Quick', { exact: true }).click();
  await page.getByLabel('Name of the run').fill('Sample project');
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.waitForURL(/#\/train/);
  [journey.run] = await until('the run', () => runs(home).length > 0 && runs(home));
}

export async function killAndResume(journey) {
  const { page, run } = journey;
  // The window may be closed meanwhile: the page is opened anew and finds the run.
  await until('the first checkpoint', () => events(run).some(({ type }) => type === 'checkpoint'), 300_000);
  await page.reload();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  process.kill(worker(run), 'SIGKILL');
  const before = events(run).filter(({ type }) => type === 'step').length;
  await page.getByText('The program that trained has gone').waitFor({ timeout: 30_000 });
  await deadWorker(journey);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('link', { name: 'See the results' }).waitFor({ timeout: 420_000 });
  const told = events(run);
  assert.ok(
    told.some(({ type, resumed_at }) => type === 'started' && resumed_at > 0),
    'it was resumed',
  );
  assert.ok(told.filter(({ type }) => type === 'step').length >= before);
  assert.equal(told.at(-1).type, 'finished');
}

export async function results(journey) {
  const { page, run } = journey;
  await page.getByRole('link', { name: 'See the results' }).click();
  await page.waitForURL(/#\/results/);
  await settled(page);
  const metrics = JSON.parse(readFileSync(join(run, 'report/metrics.json'), 'utf8'));
  const { mcc } = metrics.model;
  await page.getByText(mcc.toFixed(3)).first().waitFor();
}
