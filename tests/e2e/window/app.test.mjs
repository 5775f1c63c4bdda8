/**
 * The app in its real window: from the sample project to an adapter that was handed on, with the window and the worker killed
 * on the way; then every screen in both languages and themes.
 */
import { after, before } from 'node:test';
import { openDesktop } from '../support/desktop.mjs';
import { episome, scratch } from '../support/places.mjs';
import { journeyOf } from '../support/steps.mjs';
import { driver, openWindow } from '../support/webdriver.mjs';
import * as adapters from './adapters.mjs';
import * as predicting from './predicting.mjs';
import { everyScreen } from './screens.mjs';
import * as training from './training.mjs';

/** What the steps share: the home, the desktop, the window on it, the run and the files that came of it. */
const journey = {
  home: scratch(),
  /** Opens the window. A driver dies with its window, so each window gets one of its own. */
  async open() {
    journey.drive = await driver(journey.environment());
    journey.page = await openWindow(journey.drive.address);
  },
  /** Ends the window as a crash would. */
  kill() {
    journey.drive?.end();
    journey.drive = journey.page = undefined;
  },
  environment: () => ({
    ...journey.home.environment,
    ...journey.desktop.environment,
    EPISOME_WORKER: episome(),
  }),
};

before(async () => {
  journey.desktop = await openDesktop();
  await journey.open();
});
after(() => {
  journey.kill();
  journey.desktop?.end();
  journey.home.remove();
});

const named = journeyOf('window', async () => journey.page?.picture());
const step = (name, work) => named(name, () => work(journey));

step('the first start shows the tour, which can be skipped', training.skipTour);
step('the sample project is checked before it is trained on', training.checkSample);
step('a training is chosen and started', training.start);
step('closing the window asks what becomes of the training', training.closeWindow);
step('a killed window leaves the training alone, and a new one finds it', training.killWindow);
step('a killed worker costs nothing: the run goes on from its checkpoint', training.killWorker);
step('a second start shows its run in the window that is open', training.startAgain);
step('a file that holds no sequences is refused with what to do', predicting.refuse);
step('a dropped file with a broken record is predicted, and the record is named', predicting.predict);
step('pasted sequences are predicted', predicting.paste);
step('an adapter is checked and saved by the system’s own dialog', adapters.save);
step('the saved adapter is dropped on the window, and is taken in', adapters.bringIn);
step('every screen, in both languages and themes', everyScreen);
