/**
 * The real window by way of tauri-driver and WebKitWebDriver: the few commands of the WebDriver protocol that the test needs
 * (https://www.w3.org/TR/webdriver2/).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { app, tauriDriver, webkitDriver } from './places.mjs';
import { until } from './runs.mjs';

/** Under this name the protocol hands over elements. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** A port that is free now. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** A screen that nobody sees; none where there is one already. */
export async function screen() {
  if (process.env.EPISOME_DISPLAY) return { display: process.env.EPISOME_DISPLAY, end: () => {} };
  const child = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [number] = await once(createInterface({ input: child.stdout }), 'line');
  return { display: `:${number}`, end: () => child.kill() };
}

/** tauri-driver with a bus of its own: the window asks there whether it is open already. */
export async function driver(environment) {
  const [port, native] = [await freePort(), await freePort()];
  const child = spawn(
    'dbus-run-session',
    ['--', tauriDriver(), '--port', port, '--native-port', native, '--native-driver', webkitDriver()].map(
      String,
    ),
    { env: environment, stdio: 'ignore', detached: true },
  );
  const address = `http://127.0.0.1:${port}`;
  await until('tauri-driver', () =>
    fetch(`${address}/status`)
      .then(({ ok }) => ok)
      .catch(() => false),
  );
  return {
    address,
    // The whole group: the bus, the driver, and the window.
    end: () => process.kill(-child.pid, 'SIGKILL'),
  };
}

async function ask(address, method, path, body) {
  const response = await fetch(`${address}${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${path}: ${value?.error}: ${value?.message}`);
  return value;
}

/** Opens the window. */
export async function openWindow(address) {
  const capabilities = { alwaysMatch: { 'tauri:options': { application: app() } } };
  const { sessionId } = await ask(address, 'POST', '/session', { capabilities });
  const session = `/session/${sessionId}`;
  const run = (script, ...args) => ask(address, 'POST', `${session}/execute/sync`, { script, args });

  /** Waits for an element of these kinds that can be seen and has this text, wholly or as a part; its reference. */
  const found = (kinds, text, whole, milliseconds) =>
    until(
      `${kinds} “${text}”`,
      async () => {
        const element = await run(
          `const [kinds, text, whole] = arguments;
           return [...document.querySelectorAll(kinds)].find((one) => {
             const name = (one.getAttribute('aria-label') ?? one.innerText ?? '').trim();
             const meant = whole ? name === text : name.includes(text);
             return meant && !one.disabled && one.getClientRects().length > 0;
           });`,
          kinds,
          text,
          whole,
        );
        return element?.[ELEMENT];
      },
      milliseconds,
    );
  const pressable = 'button, a, summary, [role=radio], [role=option], [role=combobox]';
  return {
    run,
    press: async (text, milliseconds) => {
      const element = await found(pressable, text, true, milliseconds);
      await ask(address, 'POST', `${session}/element/${element}/click`, {});
    },
    see: (text, milliseconds) => found('body *', text, false, milliseconds),
    goTo: (hash) => run('location.hash = arguments[0]', hash),
    /** Writes into the field that this selector finds, as its user would. */
    fill: (selector, text) =>
      run(
        `const field = document.querySelector(arguments[0]);
         field.focus();
         field.value = arguments[1];
         field.dispatchEvent(new Event('input', { bubbles: true }));`,
        selector,
        text,
      ),
    picture: async () => Buffer.from(await ask(address, 'GET', `${session}/screenshot`), 'base64'),
    end: () => ask(address, 'DELETE', session),
  };
}
