import { Asked } from '$lib/app/asked.svelte';
import { say, sayFailure } from '$lib/app/toasts.svelte';
import { engine, type HubAccount, type HubToken } from '$lib/carrier';
import { t } from '$lib/messages';

/** Where the token of the Hub is that would be used. */
export const token = new Asked<HubToken>();

/** Whose it is; the Hub is asked once, for it allows few such questions. */
export const account = new Asked<HubAccount>();

/** Looks for the token, and asks whose it is where that is not known yet. */
export async function readAccount(): Promise<void> {
  await token.ask(() => engine().call('hub.token', {}));
  if (!token.value?.token) account.clear();
  else if (!account.value && !token.value.offline) await checkAccount();
}

/** Asks the Hub whose the token is. */
export function checkAccount(): Promise<boolean> {
  return account.ask(() => engine().call('hub.account', {}));
}

/** Checks a token and keeps it, in the system's keyring or for this session only. */
export async function login(text: string, session: boolean): Promise<boolean> {
  const known = await account.ask(() => engine().call('hub.login', { token: text, session }));
  if (known) await token.ask(() => engine().call('hub.token', {}));
  return known;
}

/** Forgets the token that is kept, and offers to have it back. */
export async function logout(): Promise<void> {
  const { forgotten } = await engine().call('hub.logout', {});
  await readAnew();
  if (!forgotten) return;
  const back = () => engine().call('hub.login_again', {}).then(readAnew).catch(sayFailure);
  say(t('settings.hub.forgotten'), { action: { label: t('parts.undo'), run: () => void back() } });
}

async function readAnew(): Promise<void> {
  account.clear();
  await readAccount();
}
