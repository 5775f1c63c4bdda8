import { expect, it } from 'vitest';
import { deedsOf } from './steering';

const adapter = '/runs/a/adapter';

it('a run at work can be held and ended', () => {
  expect(deedsOf({ state: 'training', adapter }, false)).toEqual(['pause', 'stop']);
  expect(deedsOf({ state: 'paused', adapter }, false)).toEqual(['resume', 'stop']);
});

it('one that was stopped goes on, or predicts with the best version so far', () => {
  expect(deedsOf({ state: 'stopped', adapter }, false)).toEqual(['resume', 'predict']);
  expect(deedsOf({ state: 'stopped', adapter: null }, false)).toEqual(['resume']);
});

it('one that cannot go on still predicts', () => {
  expect(deedsOf({ state: 'failed', adapter }, true)).toEqual(['predict']);
  expect(deedsOf({ state: 'failed', adapter: null }, true)).toEqual([]);
});

it('one that is finished is judged first', () => {
  expect(deedsOf({ state: 'finished', adapter }, false)).toEqual(['results']);
});
