/**
 * The real window by way of tauri-driver and WebKitWebDriver: the few commands of the WebDriver protocol that the test needs
 * (https://www.w3.org/TR/webdriver2/).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { isSettled } from './judge.mjs';
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

/** tauri-driver, which starts the window. */
export async function driver(environment) {
  const [port, native] = [await freePort(), await freePort()];
  const words = ['--port', port, '--native-port', native, '--native-driver', webkitDriver()].map(String);
  const child = spawn(tauriDriver(), words, { env: environment, stdio: 'ignore', detached: true });
  const address = `http://127.0.0.1:${port}`;
  await until('tauri-driver', () =>
    fetch(`${address}/status`)
      .then(({ ok }) => ok)
      .catch(() => false),
  );
  return {
    address,
    // The whole group: the drivers and the window.
    end: () => process.kill(-child.pid, 'SIGKILL'),
  };
}

/** A window that answers nothing for so long hangs. */
const PATIENCE = 60_000;

async function ask(address, method, path, body) {
  const response = await fetch(`${address}${path}`, {
    method,
    signal: AbortSignal.timeout(PATIENCE),
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

  /** An element of these kinds that can be seen and has this text, wholly or as a part; its reference. */
  const found = async (kinds, text, whole) => {
    const element = await run(
      `const [kinds, text, whole] = arguments;
       return [...document.querySelectorAll(kinds)].find((one) => {
         const name = (one.getAttribute('aria-label') ?? one.innerText ?? '').trim();
         // A card's name is its first line.
         const meant = whole ? name.split('\\n')[0] === text : name.includes(text);
         return meant && !one.disabled && one.getClientRects().length > 0;
       });`,
      kinds,
      text,
      whole,
    );
    return element?.[ELEMENT];
  };
  /** Whether it could be pressed: what moves, is covered or was drawn anew meanwhile is looked for again. */
  const pressed = async (element) => {
    try {
      await ask(address, 'POST', `${session}/element/${element}/click`, {});
      return true;
    } catch (error) {
      if (/intercepted|not interactable|stale/.test(error.message)) return false;
      throw error;
    }
  };
  const settled = () => until('the screen to settle', () => run(`return (${isSettled})()`));
  const pressable =
    'button, a, summary, label, [role=radio], [role=option], [role=combobox], [role=menuitem]';
  return {
    run,
    press: (text, milliseconds) =>
      until(
        `“${text}” to press`,
        async () => {
          const element = await found(pressable, text, true);
          return element !== undefined && pressed(element);
        },
        milliseconds,
      ),
    see: (text, milliseconds) => until(`“${text}”`, () => found('body *', text, false), milliseconds),
    goTo: async (hash) => {
      await run('location.hash = arguments[0]', hash);
      await settled();
    },
    settled,
    /** What a function gives in the page, or a script. */
    evaluate: (what) => run(typeof what === 'function' ? `return (${what})()` : what),
    /** Does what the system does where files are dragged over the window (`drag-enter`) and dropped (`drag-drop`). */
    drag: (kind, paths) =>
      run(
        `const event = 'tauri://' + arguments[0];
         const listeners = window.__internal_unstable_listeners_object_id__[event] ?? {};
         const payload = { paths: arguments[1], position: { x: 600, y: 400 } };
         window.__internal_unstable_listeners_function_id__({ event, payload }, Object.getOwnPropertyNames(listeners));`,
        kind,
        paths,
      ),
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
    picture: async () => {
      // WebKit takes the picture when it draws next, and a page at rest is not drawn.
      await run("document.body.animate([{ outlineOffset: '0' }, { outlineOffset: '1px' }], 1000)");
      return Buffer.from(await ask(address, 'GET', `${session}/screenshot`), 'base64');
    },
    end: () => ask(address, 'DELETE', session),
  };
}
