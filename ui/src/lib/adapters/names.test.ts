import { expect, it } from 'vitest';
import { adapterName, baseName, isMeant, isModelName, isRepository, moduleKinds, runOf } from './names';

it('an adapter inside a run has the name of the run', () => {
  expect(adapterName('/home/a/Episome/runs/promoters/adapter')).toBe('promoters');
  expect(runOf('/home/a/Episome/runs/promoters/adapter')).toBe('/home/a/Episome/runs/promoters');
  expect(adapterName('C:\\work\\shared.v1')).toBe('shared.v1');
  expect(runOf('/home/a/shared.v1')).toBeUndefined();
});

it('a run stands for its adapter', () => {
  expect(isMeant('/runs/a/adapter', '/runs/a')).toBe(true);
  expect(isMeant('/runs/a/adapter', '/runs/a/adapter/')).toBe(true);
  expect(isMeant('/runs/a/adapter', '/runs/b')).toBe(false);
});

it('a base model loses its folders and keeps its owner', () => {
  expect(baseName('/cache/episome-mini')).toBe('episome-mini');
  expect(baseName('owner/model')).toBe('owner/model');
});

it('modules of all blocks are told by their kinds', () => {
  expect(moduleKinds(['transformer.h.0.attn.c_attn', 'transformer.h.11.attn.c_attn', 'score'])).toEqual([
    'attn.c_attn',
    'score',
  ]);
});

it('names on the Hub are told from paths', () => {
  expect(isRepository('ada/yeast-promoters')).toBe(true);
  for (const text of ['', 'ada', 'ada/', '/home/ada', 'a/b/c', 'ada/my model', './base', 'C:\\base'])
    expect(isRepository(text), text).toBe(false);
  expect(isModelName('gpt2')).toBe(true);
  expect(isModelName('/models/gpt2')).toBe(false);
});
