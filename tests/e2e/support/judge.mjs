/**
 * What must hold on every screen, whatever it shows: axe finds nothing serious, and nothing is cut off. A page is whatever has
 * `evaluate`: the browser's, or the window's.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Whether nothing is loading or moving on the page; what moves without end, such as a spinner, does not count. */
export function isSettled() {
  const moving = document.getAnimations().filter((one) => one.playState === 'running');
  const loading = document.querySelector('.skeleton') !== null;
  return !loading && moving.every((one) => one.effect?.getComputedTiming().endTime === Infinity);
}

/** What axe finds serious or worse. */
export async function obstacles(page) {
  // The page's own policy forbids scripts from elsewhere; the debugger may run one.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
      );
  });
}

/** Words that do not fit: a page that scrolls sideways, buttons and labels whose text is cut. */
export function cut(page) {
  return page.evaluate(() => {
    const found = [];
    const wide = (element) => element.scrollWidth > element.clientWidth + 1;
    for (const element of document.querySelectorAll('html, .scroll, nav')) {
      if (wide(element)) found.push(`${element.className || element.tagName} scrolls sideways`);
    }
    for (const element of document.querySelectorAll('button, .badge, label, h1, h2, h3, dt')) {
      const style = getComputedStyle(element);
      if (wide(element) && style.overflow !== 'visible' && style.textOverflow !== 'ellipsis') {
        found.push(`cut: ${element.textContent?.trim().slice(0, 60)}`);
      }
    }
    // Texts whose values were not filled in.
    const open = /\{[a-z_]+\}/.exec(document.body.innerText);
    if (open) found.push(`a text lacks its value: ${open[0]}`);
    return found;
  });
}
