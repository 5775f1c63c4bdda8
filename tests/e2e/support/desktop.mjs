/** A desktop that nobody sees: a screen, a bus for programs to talk on, and a hand for what is no page. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { until } from './runs.mjs';

const execute = promisify(execFile);

/** Asks a window to close, as a window manager does when its cross is pressed; there is none on this screen, and xdotool cannot. */
const CLOSE = `
import ctypes, sys

class Message(ctypes.Structure):  # XClientMessageEvent, as large as XEvent
    _fields_ = [
        ("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("sent", ctypes.c_int), ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong), ("kind", ctypes.c_ulong), ("format", ctypes.c_int), ("data", ctypes.c_long * 20),
    ]

x = ctypes.CDLL("libX11.so.6")
x.XOpenDisplay.restype = ctypes.c_void_p
x.XInternAtom.restype = ctypes.c_ulong
x.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
x.XSendEvent.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.c_void_p]
x.XCloseDisplay.argtypes = [ctypes.c_void_p]
display, window = x.XOpenDisplay(None), int(sys.argv[1])
message = Message(33, 0, 1, display, window, x.XInternAtom(display, b"WM_PROTOCOLS", 0), 32)
message.data[0] = x.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
x.XSendEvent(display, window, 0, 0, ctypes.byref(message))
x.XCloseDisplay(display)
`;

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
  const shown = async (title) => {
    const found = await hand('search', '--onlyvisible', '--name', title).catch(() => '');
    return found.split('\n')[0];
  };
  const window = (title) => until(`the window “${title}”`, () => shown(title));
  return {
    environment,
    /** Asks the window with this title to close. */
    async close(title) {
      await execute('python3', ['-c', CLOSE, await window(title)], {
        env: { ...process.env, ...environment },
      });
    },
    /** Waits for the dialog with this title, presses the `index`th of its `count` buttons, and waits until it has gone. */
    async press(title, index, count) {
      const dialog = await window(title);
      const shape = await hand('getwindowgeometry', '--shell', dialog);
      const [width, height] = ['WIDTH', 'HEIGHT'].map((name) =>
        Number(new RegExp(`${name}=(\\d+)`).exec(shape)[1]),
      );
      // They share the width of the dialog's foot.
      const place = [Math.round((width * (index + 0.5)) / count), height - 16].map(String);
      await hand('mousemove', '--window', dialog, ...place, 'click', '1');
      await until(`“${title}” to go`, async () => !(await shown(title)));
    },
    /** Waits for the file dialog with this title and answers it with a path. */
    async answer(title, path) {
      const dialog = await window(title);
      // Without a window manager, keys go to where they are sent.
      await hand('windowfocus', '--sync', dialog);
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
