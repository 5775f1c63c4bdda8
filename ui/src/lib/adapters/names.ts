import type { AdapterSummary } from '$lib/carrier';
import { fileName, t } from '$lib/messages';

/** Parts of a path, without the empty ones. */
const parts = (path: string) => path.split(/[\\/]/).filter(Boolean);

/** What an adapter is called: its folder's name, or the run's whose adapter it is. */
export function adapterName(folder: string): string {
  const [name = folder, above] = parts(folder).reverse();
  return name === 'adapter' && above !== undefined ? above : name;
}

/** The run that an adapter belongs to, where it lies inside of one. */
export function runOf(folder: string): string | undefined {
  return parts(folder).at(-1) === 'adapter' ? folder.replace(/[\\/]adapter[\\/]*$/, '') : undefined;
}

/** Whether `asked`, a run or an adapter folder, means this adapter. */
export function isMeant(folder: string, asked: string): boolean {
  const plain = (path: string) => path.replace(/[\\/]+$/, '');
  return plain(folder) === plain(asked) || runOf(folder) === plain(asked);
}

/** The method as people write it: peft names its types in capitals. */
export function methodName(adapter: Pick<AdapterSummary, 'method'>): string {
  const known: Record<string, string> = { LORA: 'LoRA', IA3: '(IA)³', ADALORA: 'AdaLoRA', VERA: 'VeRA' };
  return adapter.method === 'full' ? t('adapters.method.full') : (known[adapter.method] ?? adapter.method);
}

/** A base model's name without the folders above it; a Hub id stays whole. */
export function baseName(base: string): string {
  return /^([\\/]|[A-Za-z]:)/.test(base) ? fileName(base) : base;
}

/** Whether a text is the name of a repository on the Hub. */
export function isRepository(text: string): boolean {
  return /^[A-Za-z0-9_][\w.-]*\/[A-Za-z0-9_][\w.-]*$/.test(text);
}

/** Whether a text can be a model on the Hub; the oldest ones have no owner. */
export function isModelName(text: string): boolean {
  return isRepository(text) || /^[A-Za-z0-9_][\w.-]*$/.test(text);
}

/** Modules without their places in the stack: `transformer.h.0.attn.c_attn` and its kin in other blocks are `attn.c_attn`. */
export function moduleKinds(targets: string[]): string[] {
  return [...new Set(targets.map((target) => target.replace(/^.*?\.\d+\./, '')))];
}
