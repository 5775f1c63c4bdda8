/** Every screen with what the journey left, as a picture, judged by axe and by what does not fit. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cut, obstacles } from '../support/judge.mjs';
import { screenshots } from '../support/places.mjs';
import { until } from '../support/runs.mjs';

const SCREENS = ['home', 'data', 'model', 'method', 'train', 'results', 'predict', 'adapters', 'settings'];

export async function everyScreen({ page, run }) {
  // Words of the steps before do not belong to these pictures. The pointer of the driver may hold them.
  while (await page.run("return document.querySelector('.toast') !== null")) await page.press('Dismiss');
  const wrong = [];
  const look = async (name) => {
    for (const screen of SCREENS) {
      await page.goTo(`#/${screen}${screen === 'data' ? '' : `?run=${encodeURIComponent(run)}`}`);
      await until(screen, () =>
        page.run("return document.querySelector('nav [aria-current]')?.href.includes(arguments[0])", screen),
      );
      await page.settled();
      for (const problem of [...(await obstacles(page)), ...(await cut(page))]) {
        wrong.push(`${screen} (${name}): ${problem}`);
      }
      writeFileSync(join(screenshots(), `window-${screen}-${name}.png`), await page.picture());
    }
  };
  await look('light');
  // Both are chosen as a person chooses them.
  await page.goTo('#/settings');
  await page.press('Dark');
  await until('the dark', () => page.run("return document.documentElement.dataset.theme === 'dark'"));
  await page.press('As the system');
  await page.press('简体中文');
  await page.see('设置');
  await look('chinese-dark');
  assert.deepEqual(wrong, [], `what is wrong with the screens (pictures in ${screenshots()})`);
}
