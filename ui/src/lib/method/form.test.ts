import { describe, expect, it } from 'vitest';
import type { MethodDescription, Setting } from '$lib/carrier';
import { entries, problem, problems, settingOf, typed, unusual, usual, withLabels } from './form';

const setting = (change: Partial<Setting>): Setting => ({
  name: 'rank',
  flag: '--rank',
  label: 'Rank',
  help: '',
  explanation: '',
  kind: 'integer',
  default: 8,
  limits: [1, 1024],
  usual: null,
  choices: [],
  group: 'method',
  advanced: false,
  ...change,
});
const rank = setting({});
const bias = setting({
  name: 'bias',
  flag: '--bias',
  kind: 'text',
  limits: null,
  choices: ['none', 'all'],
  default: 'none',
});
const description: MethodDescription = {
  methods: ['lora'],
  settings: [rank, bias],
  presets: [{ name: 'quick', about: '', settings: { rank: 4 } }],
};

describe('a setting', () => {
  it('warns far from what is usual, and only there', () => {
    const rate = setting({ kind: 'number', limits: [1e-9, 10], usual: [1e-5, 1e-2] });
    expect([1e-6, 1e-5, 1e-3, 1e-2, 10].map((value) => unusual(rate, value))).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
    // Of a value that is refused, the refusal says enough.
    expect(unusual(rate, 11)).toBe(false);
    expect(unusual(rank, 1024)).toBe(false);
  });

  it('has the preset’s value unless one is given', () => {
    expect(usual(rank, description, 'quick')).toBe(4);
    expect(usual(bias, description, 'quick')).toBe('none');
    expect(usual(rank, description, undefined)).toBe(8);
  });

  it('is refused outside its limits, in parts, and by an unknown word', () => {
    expect(problem(rank, 8)).toBeUndefined();
    expect(problem(rank, undefined)).toBeUndefined();
    expect(problem(rank, 0)).toEqual({ kind: 'limits', least: 1, most: 1024 });
    expect(problem(rank, 1.5)).toEqual({ kind: 'whole' });
    expect(problem(rank, 'eight')).toEqual({ kind: 'number' });
    expect(problem(bias, 'some')).toEqual({ kind: 'choice' });
    expect(problems(description, { settings: { rank: 0, bias: 'all' } })).toEqual(['rank']);
  });

  it('is found by the place of an error', () => {
    expect(settingOf('--rank', description.settings)).toBe(rank);
    expect(settingOf('--bias some', description.settings)).toBe(bias);
    expect(settingOf('promoters.csv, line 3', description.settings)).toBeUndefined();
    expect(settingOf(null, description.settings)).toBeUndefined();
  });

  it('is called by its label in explanations', () => {
    const words = withLabels(
      'more than --rank says, or --validation',
      description.settings,
      (one) => one.label,
    );
    expect(words).toBe('more than “Rank” says, or --validation');
  });
});

it('lists are typed with commas or blanks', () => {
  expect(entries(' c_attn,  mlp.c_fc ')).toEqual(['c_attn', 'mlp.c_fc']);
  expect(typed(['c_attn', 2])).toBe('c_attn, 2');
  expect(typed(null)).toBe('');
});
