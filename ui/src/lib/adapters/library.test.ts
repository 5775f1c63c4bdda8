import { beforeEach, expect, it, vi } from 'vitest';
import type { AdapterSummary } from '$lib/carrier';

const call = vi.fn<(command: string, request: { adapter: string }) => Promise<unknown>>();
vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({ call }),
}));
const { adapterIn } = await import('./library.svelte');

const summary = (folder: string) => ({ folder, problem: null }) as AdapterSummary;

beforeEach(() => {
  call.mockReset();
  call.mockImplementation((_, { adapter }) => Promise.resolve(summary(adapter)));
});

it('a dropped folder is looked into for an adapter, also where its name has a dot', async () => {
  expect(await adapterIn(['/adapters/v1.2'])).toEqual(summary('/adapters/v1.2'));
  expect(await adapterIn(['/runs/first'])).toEqual(summary('/runs/first'));
});

it('files of sequences are not, nor are several things at once', async () => {
  const dropped = [['/a/reads.fa'], ['/a/reads.fq.GZ'], ['/adapters/v1', '/adapters/v2'], []];
  for (const paths of dropped) expect(await adapterIn(paths)).toBeUndefined();
  expect(call).not.toHaveBeenCalled();
});

it('a folder that is none of the kind holds sequences', async () => {
  call.mockRejectedValue({ kind: 'adapter', message: 'no adapter', where: null, remedy: '' });
  expect(await adapterIn(['/data/reads'])).toBeUndefined();
});
