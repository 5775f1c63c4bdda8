/** From the sample project to a result, through a killed window and a killed worker. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { app } from '../support/places.mjs';
import { events, runs, until, worker } from '../support/runs.mjs';

export async function skipTour({ page }) {
  await page.press('Skip');
  await page.see('Try the sample project');
}

export async function checkSample({ page }) {
  await page.goTo('#/data');
  await page.press('Use the sample project');
  await page.see('Check-up');
  await page.see('4,000 records');
  await page.press('Choose a model');
}

export async function start(journey) {
  const { page, home } = journey;
  await page.press('Use: episome-mini');
  await page.press('Choose a method');
  await page.press('Quick');
  await page.press('Start training');
  [journey.run] = await until('the run', () => runs(home).length > 0 && runs(home));
  await page.see('Time left');
}

/** The question of a window that is closed over a training, and the places of its three answers. */
const QUESTION = 'A training is under way';
const [GO_ON, STOP, STAY] = [0, 1, 2];

async function close(journey, answer) {
  await journey.desktop.close('^Episome$');
  await journey.desktop.press(QUESTION, answer, 3);
}

/** Opens the window anew on the run. */
async function reopen(journey) {
  journey.kill();
  await journey.open();
  await journey.page.goTo(`#/train?run=${encodeURIComponent(journey.run)}`);
}

export async function closeWindow(journey) {
  const { page, run } = journey;
  await page.see('Time left');
  await close(journey, STAY);
  await page.see('Pause');
  await close(journey, STOP);
  await until('the training to stop', () => events(run).at(-1).type === 'stopped');
  await reopen(journey);
  await journey.page.press('Go on');
  await journey.page.see('Time left');

  const trainer = worker(run);
  await close(journey, GO_ON);
  const before = events(run).length;
  await until('the training to go on', () => events(run).length > before);
  assert.equal(worker(run), trainer, 'the same process trains');
  await reopen(journey);
  await journey.page.see('Pause');
}

export async function killWindow(journey) {
  const { run } = journey;
  await until('the first checkpoint', () => events(run).some(({ type }) => type === 'checkpoint'), 300_000);
  const trainer = worker(run);
  const before = events(run).length;
  journey.kill();
  await until('the training to go on', () => events(run).length > before);
  assert.equal(worker(run), trainer, 'the same process trains');
  await reopen(journey);
  await journey.page.see('Pause');
}

export async function killWorker({ page, run }) {
  process.kill(worker(run), 'SIGKILL');
  await page.see('The program that trained has gone');
  await page.press('Go on');
  await page.press('See the results', 420_000);
  const told = events(run);
  assert.ok(told.some(({ type, resumed_at }) => type === 'started' && resumed_at > 0));
  assert.equal(told.at(-1).type, 'finished');
  const { model } = JSON.parse(readFileSync(join(run, 'report/metrics.json'), 'utf8'));
  await page.see(model.mcc.toFixed(3));
}

export async function startAgain(journey) {
  const { page, run } = journey;
  await page.goTo('#/home');
  // It hands its words over and ends.
  await promisify(execFile)(app(), ['--run', run], { env: journey.environment() });
  await page.see('How good it is');
}
