/**
 * How long the window takes from the start of its process until its first screen can be used: a line of milliseconds for each
 * start, for `cargo xtask bench start`. The number of starts is the first word.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { openDesktop } from '../support/desktop.mjs';
import { app, episome, scratch } from '../support/places.mjs';
import { until } from '../support/runs.mjs';
import { driver, openWindow } from '../support/webdriver.mjs';

/** Ticks in a second, in which Linux tells when a process began. */
const TICKS = 100;

/** When the window's process began, in milliseconds since 1970. */
function began() {
  const runs = (process) => {
    try {
      return readlinkSync(`/proc/${process}/exe`) === app();
    } catch {
      // It has gone, or is not ours.
      return false;
    }
  };
  const process = readdirSync('/proc').find((name) => /^\d+$/.test(name) && runs(name));
  if (process === undefined) throw new Error('the window has no process');
  // The name, in brackets, may hold anything; the 22nd field is the start, in ticks since the machine's.
  const ticks = Number(readFileSync(`/proc/${process}/stat`, 'utf8').replace(/.*\) /s, '').split(' ')[19]);
  const up = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return Date.now() - (up - ticks / TICKS) * 1000;
}

/** When the first screen stood. */
const stood = (page) =>
  until('the first screen', () =>
    page.run(`const [mark] = performance.getEntriesByName('interactive');
              return mark && performance.timeOrigin + mark.startTime;`),
  );

const home = scratch();
const desktop = await openDesktop();
const environment = {
  ...home.environment,
  ...desktop.environment,
  EPISOME_WORKER: episome(),
};
try {
  for (let start = 0; start < Number(process.argv[2]); start += 1) {
    const drive = await driver(environment);
    try {
      const page = await openWindow(drive.address);
      const end = await stood(page);
      console.log((end - began()).toFixed(0));
    } finally {
      drive.end();
    }
    // The next one must not find it.
    await until('the window to be gone', () => {
      try {
        began();
        return false;
      } catch {
        return true;
      }
    });
  }
} finally {
  desktop.end();
  home.remove();
}
