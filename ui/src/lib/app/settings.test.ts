import { beforeEach, expect, it, vi } from 'vitest';

const call = vi.fn<(command: string, request: unknown) => Promise<unknown>>();
const say = vi.fn();
vi.mock('$lib/carrier', () => ({ engine: () => ({ call }), Failure: { of: (error: unknown) => error } }));
vi.mock('./toasts.svelte', () => ({ sayFailure: say }));
vi.mock('./theme.svelte', () => ({ setTheme: vi.fn(), themes: ['system', 'light', 'dark'] }));
vi.stubGlobal('localStorage', { getItem: () => null, setItem: vi.fn() });
vi.stubGlobal('navigator', { languages: ['en'] });
const { changeSettings, readSettings, settings } = await import('./settings.svelte');

const first = { theme: 'light', language: 'en', folders: ['/a'], offline: false };

beforeEach(async () => {
  call.mockReset().mockResolvedValue(first);
  say.mockReset();
  await readSettings();
});

it('sends what changed and takes over what another window changed', async () => {
  call.mockResolvedValue({ ...first, theme: 'dark', folders: ['/a', '/b'] });
  await changeSettings({ theme: 'dark' });
  expect(call).toHaveBeenLastCalledWith('settings.change', { changes: { theme: 'dark' } });
  expect(settings()?.folders).toEqual(['/a', '/b']);
});

it('takes back a change that cannot be kept, and none that came after it', async () => {
  let refuse: (error: unknown) => void = () => {};
  call.mockImplementationOnce(() => new Promise((_, reject) => (refuse = reject)));
  const folders = changeSettings({ folders: ['no'] });
  call.mockResolvedValueOnce({ ...first, offline: true });
  await changeSettings({ offline: true });
  expect(settings()).toMatchObject({ folders: ['no'], offline: true });
  refuse(new Error('not a whole path'));
  await folders;
  expect(settings()).toMatchObject({ folders: ['/a'], offline: true });
  expect(say).toHaveBeenCalledOnce();
});
