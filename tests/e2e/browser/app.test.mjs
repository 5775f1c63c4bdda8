/**
 * The app in a real browser against `episome serve`: from the sample project to an adapter that was handed on, with a worker
 * killed on the way; then every screen with what the journey left, looked at in both languages and both themes.
 */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { openBrowser } from '../support/browser.mjs';
import { startHub } from '../support/hub.mjs';
import { scratch } from '../support/places.mjs';
import { serve } from '../support/server.mjs';
import { journeyOf } from '../support/steps.mjs';
import * as adapters from './adapters.mjs';
import * as judging from './judging.mjs';
import * as predicting from './predicting.mjs';
import { everyScreen } from './screens.mjs';
import * as states from './states.mjs';
import * as training from './training.mjs';
import * as uploading from './uploading.mjs';

/** What the steps share: the home, the page, the run and the files that came of it. */
const journey = { home: scratch() };
let server;

before(async () => {
  journey.hub = await startHub(journey.home);
  server = await serve(journey.home);
  Object.assign(journey, await openBrowser(server.url));
});
after(async () => {
  await journey.browser?.close();
  await server?.end();
  await journey.hub?.end();
  journey.home.remove();
});

const named = journeyOf('browser', async () => journey.page?.screenshot());
const step = (name, work) => named(name, () => work(journey));

step('the first start shows the tour, in both languages and themes', states.tour);
step('the tour can be skipped', training.skipTour);
step('what is empty says what to do', states.nothingYet);
step('the sample project is checked before it is trained on', training.checkSample);
step('a training is chosen and started', training.start);
step('a training can be watched, in both languages and themes', states.training);
step('a killed worker costs nothing: the run goes on from its checkpoint', training.killAndResume);
step('the results are those of the report', training.results);
step('a threshold is moved, a figure saved, the paragraph copied', judging.judge);
step('runs are compared by what differs', judging.compare);
step('and the adapter taken to predict with', judging.goOn);
step('a file that holds no sequences is refused with what to do', predicting.refuse);
step('a dropped file with a broken record is predicted, and the record is named', predicting.predict);
step('predictions are filtered, sorted and saved', predicting.save);
step('a prediction can be stopped, and keeps its rows', predicting.stop);
step('an adapter is checked and packed', adapters.pack);
step('what could do harm is not imported', adapters.refuse);
step('the packed adapter is imported and predicts the same', adapters.bringIn);
step('an adapter is thrown away and brought back', adapters.throwAway);
step('a token is checked, and used for the session where there is no keyring', uploading.logIn);
step('an adapter is uploaded to the Hub', uploading.upload);
step('and imported from there', uploading.comeBack);
step('every screen, in both languages and themes', everyScreen);
step('refused files and dialogs, in both languages and themes', states.refusals);
step('a Hub that does not answer is told of', states.unreachableHub);
step('nothing went wrong unseen', ({ complaints }) => assert.deepEqual(complaints, []));
