/**
 * The same in short in the real window: a training that outlives its window and its worker, predictions, both languages and
 * themes. What needs the system's own file dialogs is tested in the browser.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { fasta } from '../support/files.mjs';
import { episome, scratch, screenshots } from '../support/places.mjs';
import { events, runs, until, worker } from '../support/runs.mjs';
import { journeyOf } from '../support/steps.mjs';
import { driver, openWindow, screen } from '../support/webdriver.mjs';

const home = scratch();
let display;
let drive;
let page;
let run;

/** A driver dies with its window, so each window gets one of its own. */
async function open() {
  drive = await driver({
    ...home.environment,
    DISPLAY: display.display,
    GDK_BACKEND: 'x11',
    LANG: 'C.UTF-8',
    EPISOME_WORKER: episome(),
    // Software drawing: there is no graphics card behind this screen.
    WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    // Nor a desktop, whose services would be asked in vain.
    NO_AT_BRIDGE: '1',
    GTK_USE_PORTAL: '0',
  });
  page = await openWindow(drive.address);
}
/** Ends the window as a crash would. */
function kill() {
  drive?.end();
  drive = undefined;
}

before(async () => {
  display = await screen();
  await open();
});
after(() => {
  kill();
  display?.end();
  home.remove();
});

const step = journeyOf(async () => page?.picture());

async function look(name) {
  writeFileSync(join(screenshots(), `window-${name}.png`), await page.picture());
}

step('the sample project is trained on in one click', async () => {
  await page.press('Skip');
  await page.see('Try the sample project');
  await look('home');
  await page.press('Train on the sample');
  [run] = await until('the run', () => runs(home).length > 0 && runs(home));
  await until('the first checkpoint', () => events(run).some(({ type }) => type === 'checkpoint'), 240_000);
  await look('train');
});

step('a killed window leaves the training alone, and a new one finds it', async () => {
  const trainer = worker(run);
  const before = events(run).length;
  kill();
  await until('the training to go on', () => events(run).length > before);
  assert.doesNotThrow(() => process.kill(trainer, 0));
  process.kill(trainer, 'SIGKILL');
  await open();
  await page.goTo(`#/train?run=${encodeURIComponent(run)}`);
  await page.see('The program that trained has gone');
  await page.press('Go on');
  await page.see('See the results', 240_000);
  await page.press('See the results');
  await page.see('MCC');
  await look('results');
});

step('pasted sequences are predicted', async () => {
  await page.goTo(`#/predict?run=${encodeURIComponent(run)}`);
  await page.press('Paste…');
  await until('the field', () => page.run("return document.querySelector('textarea') !== null"));
  await page.fill('textarea', fasta(20, 3));
  await page.press('Use these');
  await page.see('1 record could not be read', 60_000);
  await page.see('20 rows');
  await look('predict');
});

step('Chinese and dark', async () => {
  await page.goTo('#/settings');
  await page.press('Dark');
  await until('the dark', () => page.run("return document.documentElement.dataset.theme === 'dark'"));
  await page.press('As the system');
  await page.press('简体中文');
  await page.see('设置');
  await look('settings-chinese-dark');
});
