/** Where things are: the programs under test, the browser, and what a test writes. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
const built = process.env.CARGO_TARGET_DIR ?? join(root, 'target');

/** The first of these paths that exists. */
function first(what, variable, paths) {
  const named = process.env[variable];
  const found = named ?? paths.find((path) => existsSync(path));
  if (found === undefined || !existsSync(found)) {
    throw new Error(`${what} was not found${named ? ` at ${named}` : ''}: name it in ${variable}`);
  }
  return found;
}

/** A program of the system by one of its names. */
function onPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

const profiles = (name) => ['release', 'debug'].map((profile) => join(built, profile, name));

export const episome = () => first('the program episome', 'EPISOME', profiles('episome'));
export const hubStandIn = () =>
  first('the stand-in for the Hub', 'EPISOME_HUB_STAND_IN', profiles('episome-hub-stand-in'));
export const app = () => first("the window's program", 'EPISOME_APP', profiles('episome-app'));
export const chromium = () =>
  first('Chromium', 'CHROMIUM', onPath('chromium', 'chromium-browser', 'google-chrome'));
export const tauriDriver = () => first('tauri-driver', 'TAURI_DRIVER', onPath('tauri-driver'));
export const webkitDriver = () =>
  first('WebKitWebDriver', 'WEBKIT_DRIVER', [...onPath('WebKitWebDriver'), '/usr/libexec/WebKitWebDriver']);

/** Where screenshots are written; always below the repository's own target folder. */
export function screenshots() {
  const folder = join(root, 'target/screenshots');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A home of its own for a test: settings, projects, caches. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'episome-e2e-'));
  const home = {
    folder,
    projects: join(folder, 'projects'),
    configuration: join(folder, 'config'),
    environment: {
      ...process.env,
      EPISOME_CONFIG: join(folder, 'config'),
      EPISOME_PROJECTS: join(folder, 'projects'),
      EPISOME_CACHE: join(folder, 'cache'),
      HF_HOME: join(folder, 'hub'),
      // The trash of the journey is not the person's.
      XDG_DATA_HOME: join(folder, 'share'),
      // Nothing may reach the Hub by mistake.
      HF_HUB_OFFLINE: '1',
      HF_TOKEN: '',
      // The keyring of whoever runs this is none of the tests'.
      EPISOME_KEYRING: 'off',
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  mkdirSync(home.configuration, { recursive: true });
  return home;
}
