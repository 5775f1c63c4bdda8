import { expect, it } from 'vitest';
import { Failure, type DataReport } from '$lib/carrier';
import { missing } from './missing';

const nothing = { report: undefined, dataFailure: undefined, wrong: [], match: undefined, faulty: undefined };
const failure = new Failure({ kind: 'data', message: 'broken', where: null, remedy: '' });

it('a training lacks data, a model, sound settings and modules', () => {
  expect(missing({ data: [], model: null }, nothing).map((one) => one.what)).toEqual(['data', 'model']);
  const project = { data: ['a.csv'], model: 'episome-mini' };
  expect(missing(project, nothing)).toEqual([]);
  expect(missing(project, { ...nothing, dataFailure: failure })).toEqual([{ what: 'broken-data' }]);
  const report = { labels: [{ label: 'a', records: 1, fraction: 1 }] } as DataReport;
  expect(missing(project, { ...nothing, report })).toEqual([{ what: 'classes' }]);
  expect(missing(project, { ...nothing, wrong: ['rank'], faulty: 'target' })).toEqual([
    { what: 'settings', first: 'rank', count: 2 },
  ]);
  const match = { matched_modules: [], trainable_parameters: 0, all_parameters: 1, trainable_percent: 0 };
  expect(missing(project, { ...nothing, match })).toEqual([{ what: 'modules' }]);
});
