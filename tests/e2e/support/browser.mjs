/** Chromium on the app, and what tests do in it again and again. */
import { chromium as playwright } from 'playwright-core';
import { isSettled } from './judge.mjs';
import { chromium } from './places.mjs';

export async function openBrowser(url, { width = 1440, height = 900 } = {}) {
  const browser = await playwright.launch({
    executablePath: chromium(),
    // In a container there is no sandbox to be had, and the only page is ours.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const context = await browser.newContext({
    viewport: { width, height },
    locale: 'en-US',
    acceptDownloads: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  /** What the page complained of; a test fails for it. */
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // A refused request is answered by 400, of which the browser itself complains.
    if (message.type() === 'error' && !message.text().includes('400 (Bad Request)')) {
      complaints.push(message.text());
    }
  });
  await page.goto(url);
  await page.locator('h1').waitFor();
  return { browser, page, complaints };
}

/** Drops files on the window, as the system does. */
export async function drop(page, files) {
  // As text, since a list of numbers takes the debugger seconds for each megabyte.
  const plain = files.map(({ name, content }) => ({ name, text: Buffer.from(content).toString('base64') }));
  await page.evaluate((dropped) => {
    const transfer = new DataTransfer();
    for (const { name, text } of dropped) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    for (const kind of ['dragenter', 'dragover', 'drop']) {
      window.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }
  }, plain);
}

/** Picks files in the dialog that `press` opens. */
export async function choose(page, press, files) {
  const [dialog] = await Promise.all([page.waitForEvent('filechooser'), press()]);
  await dialog.setFiles(files);
}

/** Goes to a screen by its address and waits until it stands. */
export async function goTo(page, hash) {
  await page.evaluate((next) => (location.hash = next), hash);
  await page.locator('h1').waitFor();
  await settled(page);
}

/** Waits until nothing is loading or moving any more. */
export const settled = (page) => page.waitForFunction(isSettled);
