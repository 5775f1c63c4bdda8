import { describe, expect, it } from 'vitest';
import type { ModelModule } from '$lib/carrier';
import { targetsOf, tree } from './modules';

const module = (name: string, kind = 'Conv1D', head = false): ModelModule => ({
  name,
  kind,
  shape: [4, 4],
  bias: false,
  parameters: 16,
  head,
});
const modules = [
  module('transformer.wte', 'Embedding'),
  ...[0, 1].flatMap((layer) =>
    [`attn.c_attn`, `attn.c_proj`, `mlp.c_proj`].map((name) => module(`transformer.h.${layer}.${name}`)),
  ),
  module('score', 'Linear', true),
];

describe('the tree of modules', () => {
  it('nests as the names do, without parts that hold a single one', () => {
    const [transformer, score] = tree(modules);
    expect(transformer?.parts.map((part) => part.label)).toEqual(['wte', 'h']);
    expect(transformer?.parts[1]?.parts[0]?.parts.map((part) => part.label)).toEqual(['attn', 'mlp.c_proj']);
    expect(transformer?.adaptable).toHaveLength(6);
    expect(transformer?.parameters).toBe(7 * 16);
    expect(score?.adaptable).toEqual([]);
  });
});

describe('chosen modules are named', () => {
  const every = modules.filter((one) => one.kind === 'Conv1D').map((one) => one.name);

  it('by one word when they are all', () => {
    expect(targetsOf(every, modules)).toEqual(['all-linear']);
  });

  it('by what they are called in every layer', () => {
    const attention = every.filter((name) => name.includes('attn'));
    expect(targetsOf(attention, modules)).toEqual(['attn.c_attn', 'attn.c_proj']);
  });

  it('in full where only some layers have them', () => {
    expect(targetsOf(['transformer.h.1.attn.c_attn'], modules)).toEqual(['transformer.h.1.attn.c_attn']);
    expect(targetsOf([], modules)).toEqual([]);
  });
});
