/** Every screen with something to show, as a picture, judged by axe and by what does not fit. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cut, obstacles } from '../support/judge.mjs';
import { screenshots } from '../support/places.mjs';
import { drop, settled } from '../support/browser.mjs';

const LOOKS = [
  { name: 'light', language: 'en', theme: 'light', width: 1440, height: 900 },
  { name: 'dark', language: 'en', theme: 'dark', width: 1440, height: 900 },
  { name: 'chinese', language: 'zh', theme: 'light', width: 1440, height: 900 },
  { name: 'small-light', language: 'en', theme: 'light', width: 900, height: 600 },
  { name: 'small-chinese-dark', language: 'zh', theme: 'dark', width: 900, height: 600 },
  { name: '4k-dark', language: 'en', theme: 'dark', width: 3840, height: 2160 },
];
/** A picture of a long screen ends here. */
const TALLEST = 4000;
/** The screen that README.md shows. */
const README = 'results (light)';

/** Writes what README.md shows, where that was asked for: the screen as a person first sees it. */
async function picture(page) {
  const path = process.env.EPISOME_README_PICTURE;
  if (path) await page.screenshot({ path });
}

export async function everyScreen(journey) {
  const { page, home, run } = journey;
  const folder = screenshots();
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
    const path = join(home.configuration, 'settings.json');
    const settings = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...settings, language: look.language, theme: look.theme }));
    await page.setViewportSize({ width: look.width, height: look.height });
    await page.reload();
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
        // The form of an upload is a part of the screen.
        await page.getByRole('button', { name: /^(Upload…|上传…)$/ }).click();
        await page.locator('form .code input').first().waitFor();
        await settled(page);
      }
      const place = `${screen} (${look.name})`;
      for (const problem of [...(await obstacles(page)), ...(await cut(page))])
        wrong.push(`${place}: ${problem}`);
      if (place === README) await picture(page);
      // The whole of the screen, as if the window were as tall as that.
      const more = await page
        .locator('.scroll')
        .first()
        .evaluate((area) => area.scrollHeight - area.clientHeight);
      await page.setViewportSize({ width: look.width, height: Math.min(TALLEST, look.height + more) });
      await settled(page);
      await page.screenshot({ path: join(folder, `${screen}-${look.name}.png`) });
      await page.setViewportSize({ width: look.width, height: look.height });
    }
  }
  assert.deepEqual(wrong, [], `what is wrong with the screens (pictures in ${folder})`);
}
