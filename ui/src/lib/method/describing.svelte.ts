import { tick } from 'svelte';
import { Asked } from '$lib/app/asked.svelte';
import { project, projectNow } from '$lib/app/project.svelte';
import { say } from '$lib/app/toasts.svelte';
import {
  engine,
  type Match,
  type MatchRequest,
  type MethodDescription,
  type ModelReport,
  type SettingValue,
} from '$lib/carrier';
import { inspection } from '$lib/data/inspection.svelte';
import { t } from '$lib/messages';
import { entries, problems, typed } from './form';
import { ALL } from './modules';
import { Picking } from './picking.svelte';

/** The methods, settings and presets of the engine. */
export const described = new Asked<MethodDescription>();

/** The base model with its modules. */
export const base = new Asked<ModelReport>();

/** What the configuration as it stands would train. */
export const matching = new Asked<Match>();

/** The modules that are ticked in the tree. */
export const picking = new Picking();

/** Whether the further settings are in sight. */
export const advanced = $state({ open: false });

/** Asks for what the screen needs, whenever that changes. Called once, inside a component. */
export function keepDescribed(): void {
  $effect(() => {
    if (!described.value) void described.ask(() => engine().call('method.describe', {}));
  });
  $effect(() => {
    // The middle one is the usual choice.
    const presets = described.value?.presets ?? [];
    const middle = presets[Math.floor(presets.length / 2)];
    if (middle && project.configuration.preset === undefined) project.configuration.preset = middle.name;
  });
  $effect(() => {
    const { model, revision } = project;
    if (model === null) return base.clear();
    const request = revision === null ? { model } : { model, revision };
    void base.ask(() => engine().call('model.inspect', request));
  });
  const key = $derived(JSON.stringify(matchRequest()));
  $effect(() => {
    const request = JSON.parse(key) as MatchRequest | null;
    if (!request) return matching.clear();
    let superseded = false;
    const match = async () => {
      await matching.ask(() => engine().call('method.match', request));
      if (!superseded) picking.settle();
    };
    // Settings are typed letter by letter; the last one counts.
    const timer = setTimeout(() => void match(), 200);
    return () => {
      superseded = true;
      clearTimeout(timer);
    };
  });
}

/** What is asked about the modules; nothing while the window itself sees that it can't be answered. */
function matchRequest(): MatchRequest | null {
  const { model, revision, configuration } = projectNow();
  if (model === null || !described.value) return null;
  if (problems(described.value, configuration).length > 0) return null;
  const classes = inspection.value?.labels.length;
  return {
    model,
    configuration,
    ...(revision === null ? {} : { revision }),
    ...(classes === undefined ? {} : { classes }),
  };
}

/** Gives a setting a value; none brings the usual one back. */
export function change(name: string, value: SettingValue | undefined): void {
  if (value === undefined) delete project.configuration.settings[name];
  else project.configuration.settings[name] = value;
}

/** Where the adapter sits, as settings. */
const PLACES = ['target', 'exclude', 'layers'] as const;

/** Lets the adapter sit on these targets and no others; none: on what is usual. What the user has typed can be had back. */
export function sitOn(targets: string[] | undefined): void {
  const before = projectNow().configuration.settings;
  const proposed = base.value?.suggested_targets ?? [];
  const list = (name: (typeof PLACES)[number]) => entries(typed(before[name]));
  const replaced = picking.replace(list('target'), targets ?? [], proposed);
  const byHand = replaced || list('exclude').length > 0 || list('layers').length > 0;
  change('target', targets?.join() === ALL ? undefined : targets);
  change('exclude', undefined);
  change('layers', undefined);
  if (!byHand) return;
  const undo = () => {
    picking.settle();
    PLACES.forEach((name) => change(name, before[name]));
  };
  say(t('method.modules.replaced'), { action: { label: t('parts.undo'), run: undo } });
}

/** Takes a preset. Settings of the user's that any preset would set give way, and can be had back. */
export function takePreset(name: string): void {
  const before = projectNow().configuration;
  const named = new Set(described.value?.presets.flatMap((preset) => Object.keys(preset.settings)));
  const kept = Object.entries(before.settings).filter(([setting]) => !named.has(setting));
  project.configuration = { preset: name, settings: Object.fromEntries(kept) };
  if (kept.length === Object.keys(before.settings).length) return;
  say(t('method.preset.replaced'), {
    action: { label: t('parts.undo'), run: () => (project.configuration = before) },
  });
}

/** Brings a setting into sight and puts the keyboard there. */
export async function show(name: string): Promise<void> {
  advanced.open = true;
  await tick();
  const place = document.getElementById(`setting-${name}`);
  place?.scrollIntoView({ block: 'center' });
  place?.querySelector<HTMLElement>('input, [role=switch], [data-select-trigger], button')?.focus();
}
