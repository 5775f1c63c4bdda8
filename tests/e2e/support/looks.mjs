/** How the app may look, and a screen judged and pictured in it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settled } from './browser.mjs';
import { cut, obstacles } from './judge.mjs';
import { screenshots } from './places.mjs';

export const LOOKS = [
  { name: 'light', language: 'en', theme: 'light', width: 1440, height: 900 },
  { name: 'dark', language: 'en', theme: 'dark', width: 1440, height: 900 },
  { name: 'chinese', language: 'zh', theme: 'light', width: 1440, height: 900 },
  { name: 'small-light', language: 'en', theme: 'light', width: 900, height: 600 },
  { name: 'small-chinese-dark', language: 'zh', theme: 'dark', width: 900, height: 600 },
  { name: '4k-dark', language: 'en', theme: 'dark', width: 3840, height: 2160 },
];
/** Those in which states are looked at that come and go. */
export const MAIN_LOOKS = LOOKS.slice(0, 3);
/** A picture of a long screen ends here. */
const TALLEST = 4000;

/** Gives the app another look. */
export async function wear({ page, home }, look) {
  const path = join(home.configuration, 'settings.json');
  const settings = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  writeFileSync(path, JSON.stringify({ ...settings, language: look.language, theme: look.theme }));
  await page.setViewportSize({ width: look.width, height: look.height });
  await page.reload();
  await page.locator('h1').waitFor();
}

/** What is wrong with what the page shows, each with its name and look. */
export async function judged(page, name, look) {
  const problems = [...(await obstacles(page)), ...(await cut(page))];
  return problems.map((problem) => `${name} (${look.name}): ${problem}`);
}

/** A picture of the window as it is, or of the whole screen, as if the window were as tall as that. */
export async function pictured(page, name, look, { whole = true } = {}) {
  const more = whole
    ? await page
        .locator('.scroll')
        .first()
        .evaluate((area) => area.scrollHeight - area.clientHeight)
    : 0;
  await page.setViewportSize({ width: look.width, height: Math.min(TALLEST, look.height + more) });
  if (more > 0) await settled(page);
  await page.screenshot({ path: join(screenshots(), `${name}-${look.name}.png`) });
  await page.setViewportSize({ width: look.width, height: look.height });
}
