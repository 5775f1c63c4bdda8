import { beforeEach, expect, it, vi } from 'vitest';
import type { Columns, Finding, Setting } from '$lib/carrier';

vi.mock('$lib/carrier', async () => ({
  Failure: (await import('$lib/carrier/failure')).Failure,
  engine: () => ({ call: vi.fn() }),
}));
const { act, dismiss, toasts } = await import('$lib/app/toasts.svelte');
const { emptyProject, project, projectNow, replaceProject } = await import('$lib/app/project.svelte');
const { takeSplit } = await import('./choosing.svelte');
const { remedies } = await import('./remedies.svelte');

const finding = (kind: string, numbers: Finding['numbers'] = {}): Finding => ({
  severity: 'fix',
  kind,
  sentence: '',
  count: 1,
  numbers,
});
const settings = [{ name: 'split_by', choices: ['auto', 'random', 'similarity'] }] as unknown as Setting[];
const columns = { split: 'set', group_candidates: ['chrom'] } as unknown as Columns;
const undo = () => act(toasts().at(-1)?.id ?? 0);

beforeEach(() => {
  toasts().forEach(({ id }) => dismiss(id));
  replaceProject({ ...emptyProject(), data: ['a.csv'] });
});

it('a class that a part lacks is drawn into every part in one click, which can be taken back', () => {
  project.validation = ['v.csv'];
  project.split = 'files';
  const before = projectNow();
  const [remedy] = remedies(finding('missing-class'));
  remedy?.run();
  expect([project.configuration.settings['split_by'], project.validation]).toEqual(['random', []]);
  expect(remedies(finding('missing-class'))).toEqual([]);
  undo();
  expect(projectNow()).toEqual(before);
});

it('a repair is offered until it is in force', () => {
  const [remedy] = remedies(finding('unlabelled'));
  remedy?.run();
  expect(project.repair).toEqual(['unlabelled']);
  expect(remedies(finding('unlabelled'))).toEqual([]);
  expect(remedies({ ...finding('unlabelled'), severity: 'fine' })).toEqual([]);
});

it('what a model may not read is left out in one click, as long as none is chosen that decides', () => {
  project.model = 'episome-mini';
  expect(remedies(finding('ambiguity'))).toEqual([]);
  project.model = null;
  const [remedy] = remedies(finding('ambiguity'));
  remedy?.run();
  expect(project.skip_invalid).toBe(true);
  expect(remedies(finding('ambiguity'))).toEqual([]);
});

it('files that were chosen for validation and test come back when another way to split is taken back', () => {
  Object.assign(project, { split: 'files', validation: ['v.csv'], test: ['t.csv'] });
  takeSplit('random', columns, settings);
  expect([project.validation, project.test]).toEqual([[], []]);
  undo();
  expect([project.split, project.validation, project.test]).toEqual(['files', ['v.csv'], ['t.csv']]);

  replaceProject({ ...emptyProject(), data: ['a.csv'] });
  takeSplit('similarity', columns, settings);
  expect(toasts()).toEqual([]);
});
