/** A desktop that nobody sees: a screen, a bus for programs to talk on, and a hand for what is no page. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { until } from './runs.mjs';

const execute = promisify(execFile);

/** Starts a program and waits for its first line. */
async function started(command, words) {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  const failed = once(child, 'error').then(([error]) => {
    throw new Error(`${command} could not be started: ${error.message}`);
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${command} ended with ${code}`);
  });
  // Whoever waits for the line hears of them; after that they are the end of the test.
  failed.catch(() => {});
  ended.catch(() => {});
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), failed, ended]);
  return { line, end: () => child.kill() };
}

/** Opens the desktop; `environment` is what programs need to find it. */
export async function openDesktop() {
  const screen = await started('Xvfb', [
    '-displayfd',
    '1',
    '-screen',
    '0',
    '1440x900x24',
    '-nolisten',
    'tcp',
  ]);
  const bus = await started('dbus-daemon', ['--session', '--nofork', '--print-address']);
  const environment = {
    DISPLAY: `:${screen.line}`,
    DBUS_SESSION_BUS_ADDRESS: bus.line,
    GDK_BACKEND: 'x11',
    LANG: 'C.UTF-8',
    // Software drawing: there is no graphics card behind this screen.
    WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    // Nor services of a desktop, which would be asked in vain.
    NO_AT_BRIDGE: '1',
    GTK_USE_PORTAL: '0',
  };
  const hand = async (...words) =>
    (await execute('xdotool', words, { env: { ...process.env, ...environment } })).stdout.trim();
  return {
    environment,
    /** Waits for the file dialog with this title and answers it with a path. */
    async answer(title, path) {
      const window = await until(`the window “${title}”`, async () => {
        const found = await hand('search', '--onlyvisible', '--name', title).catch(() => '');
        return found.split('\n')[0];
      });
      // Without a window manager, keys go to where they are sent.
      await hand('windowfocus', '--sync', window);
      // Of a suggested name, the ending is not marked.
      await hand('key', 'ctrl+a');
      await hand('type', '--delay', '5', path);
      await hand('key', 'Return');
    },
    end() {
      bus.end();
      screen.end();
    },
  };
}
