import { expect, it } from 'vitest';
import { isDataSet, withConfiguration } from './datasets';

it('a data set of the Hub may name one of its configurations', () => {
  expect(['owner/name', 'owner/name:promoter_all'].filter(isDataSet)).toHaveLength(2);
  expect(['owner', 'owner/name:', 'owner/name: ', 'a/b/c', '/home/ada/reads.csv'].filter(isDataSet)).toEqual(
    [],
  );
  expect(withConfiguration('owner/name', 'tata')).toBe('owner/name:tata');
  expect(withConfiguration('owner/name:none', 'tata')).toBe('owner/name:tata');
});
