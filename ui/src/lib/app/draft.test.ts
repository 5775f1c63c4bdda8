import { expect, it, vi } from 'vitest';

const call = vi.fn<(command: string, request: { name: string }) => Promise<unknown>>();
vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({ call }),
}));
const { Draft } = await import('./draft.svelte');
const { toasts } = await import('./toasts.svelte');

it('a draft is found once: from then on what is here is newer', async () => {
  call.mockResolvedValue({ name: 'set-up', value: { text: 'ACGT' } });
  const draft = new Draft<{ text: string }>('set-up');
  expect(await draft.read()).toEqual({ text: 'ACGT' });
  expect(await draft.read()).toBeUndefined();
  expect(call).toHaveBeenCalledExactlyOnceWith('drafts.read', { name: 'set-up' });
});

it('one that is not there, or cannot be read, is none; the latter is said', async () => {
  call.mockResolvedValue({ name: 'new', value: null });
  expect(await new Draft('new').read()).toBeUndefined();
  expect(toasts()).toEqual([]);
  call.mockRejectedValue({ kind: 'file', message: 'broken', where: null, remedy: '' });
  expect(await new Draft('broken').read()).toBeUndefined();
  expect(toasts()[0]?.text).toContain('broken');
});

it('of two windows that change it, neither loses what it wrote', async () => {
  vi.useFakeTimers();
  const answers: Record<string, unknown[]> = {
    'drafts.read': [
      { name: 'shared', value: { text: 'A' }, revision: '1' },
      { name: 'shared', value: { text: 'theirs' }, revision: '2' },
    ],
    'drafts.write': [{ written: false, revision: '2' }],
  };
  call.mockReset().mockImplementation((command) => Promise.resolve(answers[command]?.shift()));
  const changed = vi.fn<(theirs: { text?: string }, mine: { text: string }) => void>();
  const draft = new Draft<{ text: string }>('shared', changed);
  await draft.read();
  draft.save({ text: 'mine' });
  await vi.runAllTimersAsync();
  expect(call.mock.calls[1]).toEqual([
    'drafts.write',
    { name: 'shared', value: { text: 'mine' }, revision: '1' },
  ]);
  expect(changed).toHaveBeenCalledExactlyOnceWith({ text: 'theirs' }, { text: 'mine' });
  vi.useRealTimers();
});
