import { beforeEach, expect, it, vi } from 'vitest';
import type { DataReport, DataRequest, Job, Listener } from '$lib/carrier';

const call = vi.fn<(command: string, request: { data: string[] }) => Promise<unknown>>();
const follow = vi.fn<(command: string, request: DataRequest, listener: Listener<'data.inspect'>) => Job>();
vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({ call, follow }),
}));
const { emptyProject, project, replaceProject } = await import('$lib/app/project.svelte');
const { inspection, lookAt, preview, previewAgain, previewRows, dataRequest, lookRequest } =
  await import('./inspection.svelte');

const settled = () => new Promise((resolve) => setTimeout(resolve));
const job = () => ({ name: Promise.resolve('1'), leave: vi.fn(), cancel: vi.fn() });
const report = (of: string) => ({ files: [{ path: of }] }) as unknown as DataReport;
/** What the effects of a screen do when the project's data has changed. */
function show(data: string[]): void {
  project.data = data;
  lookAt(dataRequest());
  previewRows(data);
}
/** The last look ends with a report; the screen's effects run again. */
async function found(): Promise<void> {
  const [, request, listener] = follow.mock.lastCall ?? [];
  listener?.done?.(report(request?.data[0] ?? ''));
  previewRows(project.data);
  await settled();
}

beforeEach(async () => {
  follow.mockReset().mockImplementation(job);
  call.mockReset().mockImplementation((_, { data }) => Promise.resolve({ rows: [data] }));
  replaceProject(emptyProject());
  lookAt(dataRequest());
  await settled();
});

it('nothing of the data before stands under other data, not even after it was stopped', async () => {
  show(['a.csv']);
  await found();
  expect([inspection.value, preview.value]).toEqual([report('a.csv'), { rows: [['a.csv']] }]);

  show(['b.csv']);
  expect([inspection.loading, inspection.value, preview.value]).toEqual([true, undefined, undefined]);
  follow.mock.lastCall?.[2].failed?.({ kind: 'interrupted', message: 'stopped', where: null, remedy: '' });
  expect([inspection.stopped, inspection.value]).toEqual([true, undefined]);
});

it('the chosen model decides which letters can be read, and with it the look begins anew', () => {
  project.model = null;
  expect(lookRequest()).toEqual(dataRequest());
  project.model = 'episome-mini';
  expect(lookRequest()).toEqual({ ...dataRequest(), model: 'episome-mini' });
  project.model = null;
});

it('a change of the columns keeps what is shown until the new look is done', async () => {
  show(['a.csv']);
  await found();
  project.columns = { label: 'class' };
  show(['a.csv']);
  expect([inspection.loading, inspection.value, preview.value !== undefined]).toEqual([
    true,
    report('a.csv'),
    true,
  ]);
  expect(call).toHaveBeenCalledOnce();
});

it('data that was taken out and brought back has its rows again', async () => {
  show(['a.csv']);
  await found();
  show([]);
  expect([inspection.value, preview.value]).toEqual([undefined, undefined]);
  show(['a.csv']);
  await found();
  expect(preview.value).toEqual({ rows: [['a.csv']] });
});

it('rows that could not be read are asked for again', async () => {
  call.mockRejectedValueOnce({ kind: 'file', message: 'gone', where: 'a.csv', remedy: 'bring it back' });
  show(['a.csv']);
  await found();
  expect(preview.failure?.message).toBe('gone');
  previewAgain();
  await settled();
  expect([preview.failure, preview.value]).toEqual([undefined, { rows: [['a.csv']] }]);
});
