/** Where the window is: a screen and a few words with it, in the address's hash, so that both carriers work alike. */

export const screens = [
  'home',
  'data',
  'model',
  'method',
  'train',
  'results',
  'predict',
  'adapters',
  'settings',
] as const;
export type ScreenName = (typeof screens)[number];

/** The steps of a project, in their order. */
export const steps = ['data', 'model', 'method', 'train', 'results'] as const satisfies readonly ScreenName[];

export interface Route {
  screen: ScreenName;
  /** Such as the run that a screen shows. */
  values: Record<string, string>;
}

/** The route of a hash such as `#/train?run=runs/a`; an unknown one leads home. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?');
  const screen = screens.find((name) => name === path) ?? 'home';
  return { screen, values: Object.fromEntries(new URLSearchParams(query)) };
}

/** The address of a screen, for links. */
export function href(screen: ScreenName, values: Record<string, string> = {}): string {
  const query = new URLSearchParams(values).toString();
  return `#/${screen}${query && `?${query}`}`;
}

let current = $state<Route>({ screen: 'home', values: {} });

/** The route now. */
export function route(): Route {
  return current;
}

/** Goes to a screen. */
export function go(screen: ScreenName, values: Record<string, string> = {}): void {
  location.hash = href(screen, values);
}

/** Follows the address. Called once. */
export function followAddress(): void {
  const follow = () => (current = parseRoute(location.hash));
  follow();
  window.addEventListener('hashchange', follow);
}
