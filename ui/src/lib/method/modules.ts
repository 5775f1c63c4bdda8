import type { ModelModule } from '$lib/carrier';

/** A part of the model, with the parts in it. */
export interface ModuleNode {
  /** The full name; of a part without weights of its own, the beginning of its modules' names. */
  name: string;
  /** What is shown: the name without what the parts around it say already. */
  label: string;
  module: ModelModule | undefined;
  parts: ModuleNode[];
  /** The full names of the modules in it that a method can adapt. */
  adaptable: string[];
  parameters: number;
}

/** The target that stands for every linear layer. */
export const ALL = 'all-linear';

/** Whether a method can sit on it: linear layers, but the head, which is trained in full anyway. */
export function canAdapt(module: ModelModule): boolean {
  return !module.head && (module.kind === 'Linear' || module.kind === 'Conv1D');
}

/** The model as a tree. Parts that hold a single part are one with it. */
export function tree(modules: ModelModule[]): ModuleNode[] {
  return grow(
    modules.map((module) => ({ module, path: module.name.split('.') })),
    [],
  );
}

interface Leaf {
  module: ModelModule;
  path: string[];
}

function grow(leaves: Leaf[], above: string[]): ModuleNode[] {
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const key = leaf.path[above.length] ?? '';
    groups.set(key, [...(groups.get(key) ?? []), leaf]);
  }
  return [...groups].map(([key, inside]) => {
    const path = [...above, key];
    const own = inside.find((leaf) => leaf.path.length === path.length)?.module;
    const deeper = inside.filter((leaf) => leaf.path.length > path.length);
    const parts = grow(deeper, path);
    const [only] = parts;
    if (!own && only && parts.length === 1) return { ...only, label: `${key}.${only.label}` };
    return {
      name: path.join('.'),
      label: key,
      module: own,
      parts,
      adaptable: inside
        .map((leaf) => leaf.module)
        .filter(canAdapt)
        .map((module) => module.name),
      parameters: inside.reduce((sum, leaf) => sum + leaf.module.parameters, 0),
    };
  });
}

/** The name of a module without the number of its layer and what stands before it: `attn.c_attn`. */
function ending(name: string): string | undefined {
  return /\.\d+\.(.+)$/.exec(name)?.[1];
}

/**
 * The shortest list of targets that names exactly these modules: `all-linear` for all, `attn.c_attn` for those of all layers, and
 * full names for the rest.
 */
export function targetsOf(chosen: string[], modules: ModelModule[]): string[] {
  const wanted = new Set(chosen);
  const adaptable = modules.filter(canAdapt).map((module) => module.name);
  if (adaptable.length > 0 && adaptable.every((name) => wanted.has(name))) return [ALL];
  const targets: string[] = [];
  for (const name of adaptable) {
    if (!wanted.has(name)) continue;
    const short = ending(name);
    const same = short ? modules.filter((module) => `.${module.name}`.endsWith(`.${short}`)) : [];
    const shortens = short !== undefined && same.every((module) => wanted.has(module.name));
    const target = shortens ? short : name;
    if (!targets.includes(target)) targets.push(target);
  }
  return targets;
}
