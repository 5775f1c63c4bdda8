/** What screens show before there is anything, while something runs, and when something went wrong; in both languages and themes. */
import assert from 'node:assert/strict';
import { drop, settled } from '../support/browser.mjs';
import { picture } from '../support/files.mjs';
import { judged, MAIN_LOOKS, pictured, wear } from '../support/looks.mjs';
import { screenshots } from '../support/places.mjs';
import { events, until } from '../support/runs.mjs';

/** Shows something in each look, judges it and takes its picture. `show` may give what is to be done afterwards. */
async function inEachLook(journey, name, show, options) {
  const wrong = [];
  for (const look of MAIN_LOOKS) {
    await wear(journey, look);
    const undo = await show(look);
    wrong.push(...(await judged(journey.page, name, look)));
    await pictured(journey.page, name, look, options);
    await undo?.();
  }
  await wear(journey, MAIN_LOOKS[0]);
  assert.deepEqual(wrong, [], `what is wrong with the screens (pictures in ${screenshots()})`);
}

/** A word in the language of a look. */
const inLanguage = (english, chinese) => (look) => (look.language === 'zh' ? chinese : english);

async function screen({ page }, hash) {
  await page.evaluate((next) => (location.hash = next), hash);
  await page.waitForFunction(
    (name) => document.querySelector('nav [aria-current]')?.href.includes(name),
    hash.slice(2).split('?')[0],
  );
  await settled(page);
}

/** What the first start shows. */
export async function tour(journey) {
  const { page } = journey;
  const shown = async () => {
    await page.getByRole('dialog').waitFor();
    await settled(page);
  };
  await inEachLook(journey, 'tour', shown, { whole: false });
}

/** Every screen before anything was done. */
export async function nothingYet(journey) {
  for (const name of ['home', 'data', 'model', 'method', 'train', 'results', 'predict', 'adapters']) {
    await inEachLook(journey, `empty-${name}`, () => screen(journey, `#/${name}`));
  }
}

/** The run as it is trained. */
export async function training(journey) {
  const steps = () => events(journey.run).filter(({ type }) => type === 'step').length;
  await until('the first steps', () => steps() > 20, 120_000);
  const { page } = journey;
  const running = async () => {
    await page.evaluate((next) => (location.hash = next), `#/train?run=${encodeURIComponent(journey.run)}`);
    await page.locator('.plot').first().waitFor();
  };
  await inEachLook(journey, 'training', running, { live: true });
}

/** The run whose worker has gone: what happened, and what to do. */
export async function deadWorker(journey) {
  const gone = inLanguage('The program that trained has gone', '负责训练的程序因崩溃、断电或内存不足而中断');
  await inEachLook(journey, 'dead-worker', async (look) => {
    await screen(journey, `#/train?run=${encodeURIComponent(journey.run)}`);
    await journey.page.getByText(gone(look)).first().waitFor({ timeout: 30_000 });
    await settled(journey.page);
  });
}

/** What is refused, and what dialogs ask. */
export async function refusals(journey) {
  await refusedFile(journey);
  await dialogs(journey);
}

/** A file that holds no sequences, dropped on the screens that take files. */
async function refusedFile(journey) {
  const { page } = journey;
  for (const name of ['data', 'predict']) {
    await inEachLook(journey, `refused-${name}`, async () => {
      await screen(journey, `#/${name}`);
      await drop(page, [{ name: 'figure.fasta', content: picture }]);
      await page
        .locator('[role=alert], [role=dialog], [role=alertdialog]')
        .first()
        .waitFor({ timeout: 60_000 });
      await settled(page);
      // No record of a picture is better than the others.
      assert.equal(
        await page.getByRole('button', { name: /Leave broken records out|排除损坏的记录/ }).count(),
        0,
      );
      return () => page.keyboard.press('Escape');
    });
  }
}

/** A Hub that does not answer. */
export async function unreachableHub(journey) {
  const { page } = journey;
  await journey.hub.end();
  await inEachLook(journey, 'unreachable-hub', async () => {
    await screen(journey, '#/model');
    await page.getByRole('tab', { name: 'Hugging Face Hub' }).click();
    await page.getByRole('searchbox').fill('dna');
    await page.getByRole('searchbox').press('Enter');
    await page.getByRole('alert').waitFor({ timeout: 60_000 });
    await settled(page);
  });
}

/** Dialogs that screens open. */
async function dialogs(journey) {
  const { page } = journey;
  const press = async (names) => {
    await page.getByRole('button', { name: names, exact: true }).first().click();
    await page.getByRole('dialog').waitFor();
    await settled(page);
    return () => page.keyboard.press('Escape');
  };
  const [paste, hub, save] = [
    inLanguage('Paste…', '粘贴…'),
    inLanguage('From the Hub…', '从 Hub 获取…'),
    inLanguage('Save…', '保存…'),
  ];
  const flat = { whole: false };
  await inEachLook(
    journey,
    'dialog-paste',
    async (look) => {
      await screen(journey, '#/predict');
      return press(paste(look));
    },
    flat,
  );
  await inEachLook(
    journey,
    'dialog-save',
    async (look) => {
      await screen(journey, '#/predict');
      await drop(page, [{ name: 'peaks.fasta', content: journey.sequences }]);
      await page.locator('.badge.fine').waitFor({ timeout: 120_000 });
      await settled(page);
      return press(save(look));
    },
    flat,
  );
  await inEachLook(
    journey,
    'dialog-hub',
    async (look) => {
      await screen(journey, '#/data');
      const startOver = page.getByRole('button', { name: /^(Start over|重新开始)$/ });
      if (await startOver.isVisible()) await startOver.click();
      return press(hub(look));
    },
    flat,
  );
}
