import { expect, it } from 'vitest';
import { deedsOf } from './steering';

const adapter = '/runs/a/adapter';
const step = 30;

it('a run at work can be held and ended', () => {
  expect(deedsOf({ state: 'training', adapter, step }, false)).toEqual(['pause', 'stop']);
  expect(deedsOf({ state: 'paused', adapter, step }, false)).toEqual(['resume', 'stop']);
});

it('one that was stopped goes on, is judged as it is, or predicts with the best version so far', () => {
  expect(deedsOf({ state: 'stopped', adapter, step }, false)).toEqual(['resume', 'finish', 'predict']);
  expect(deedsOf({ state: 'stopped', adapter: null, step }, false)).toEqual(['resume', 'finish']);
});

it('one without a step has nothing to judge', () => {
  expect(deedsOf({ state: 'stopped', adapter: null, step: 0 }, false)).toEqual(['resume']);
  expect(deedsOf({ state: 'unfinished', adapter: null, step: null }, false)).toEqual(['resume']);
});

it('one that cannot go on still predicts', () => {
  expect(deedsOf({ state: 'failed', adapter, step }, true)).toEqual(['predict']);
  expect(deedsOf({ state: 'failed', adapter: null, step }, true)).toEqual([]);
});

it('one that is finished is judged first', () => {
  expect(deedsOf({ state: 'finished', adapter, step }, false)).toEqual(['results']);
});
