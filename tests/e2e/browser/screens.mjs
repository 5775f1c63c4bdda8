/** Every screen with something to show, as a picture, judged by axe and by what does not fit. */
import assert from 'node:assert/strict';
import { drop, settled } from '../support/browser.mjs';
import { judged, LOOKS, pictured, wear } from '../support/looks.mjs';
import { screenshots } from '../support/places.mjs';

/** The screen that README.md shows, and in which look. */
const README = ['results', 'light'];

/** Writes what README.md shows, where that was asked for: the screen as a person first sees it. */
async function picture(page) {
  const path = process.env.EPISOME_README_PICTURE;
  if (path) await page.screenshot({ path });
}

export async function everyScreen(journey) {
  const { page, run } = journey;
  const query = `?run=${encodeURIComponent(run)}`;
  const screens = {
    home: '',
    data: '',
    model: '',
    method: '',
    train: query,
    results: query,
    predict: '',
    adapters: '',
    settings: '',
  };
  const wrong = [];
  for (const look of LOOKS) {
    await wear(journey, look);
    for (const [screen, values] of Object.entries(screens)) {
      await page.evaluate((next) => (location.hash = next), `#/${screen}${values}`);
      await page.waitForFunction(
        (name) => document.querySelector('nav [aria-current]')?.href.includes(name),
        screen,
      );
      await settled(page);
      if (screen === 'predict') {
        await drop(page, [{ name: 'peaks.fasta', content: journey.sequences }]);
        await page.locator('.badge.fine').waitFor({ timeout: 120_000 });
        await settled(page);
      }
      if (screen === 'adapters') {
        // The form of an upload is a part of the screen. Once open, it is open again after each reload.
        if (look === LOOKS[0]) await page.getByRole('button', { name: 'Upload…' }).click();
        await page.locator('form .code input').first().waitFor();
        await settled(page);
      }
      wrong.push(...(await judged(page, screen, look)));
      if (screen === README[0] && look.name === README[1]) await picture(page);
      await pictured(page, screen, look);
    }
  }
  assert.deepEqual(wrong, [], `what is wrong with the screens (pictures in ${screenshots()})`);
}
