import type { Configuration, MethodDescription, Setting, SettingValue } from '$lib/carrier';

/** Settings of which the Data screen has forms of its own, by other words. */
export const ELSEWHERE = [
  'sequence_column',
  'label_column',
  'id_column',
  'split_column',
  'group_column',
  'skip_invalid',
  'split_by',
  'repair',
  'method',
];

/** Settings that choose modules, which have a card of their own. */
export const MODULES = ['target', 'exclude', 'layers', 'modules_to_save'];

/** Why a value is refused, as far as the window can tell before the engine does. */
export type Problem =
  | { kind: 'whole' }
  | { kind: 'number' }
  | { kind: 'limits'; least: number; most: number }
  | { kind: 'choice' };

/** The value that holds while the user gives none: the preset's, or the engine's own. */
export function usual(
  setting: Setting,
  description: MethodDescription,
  preset: string | undefined,
): SettingValue {
  const chosen = description.presets.find((one) => one.name === preset);
  return chosen?.settings[setting.name] ?? setting.default;
}

/** What is wrong with a value; nothing where it can be used. */
export function problem(setting: Setting, value: SettingValue | undefined): Problem | undefined {
  if (value === undefined || value === null) return undefined;
  if (setting.kind === 'integer' || setting.kind === 'number') {
    if (typeof value !== 'number' || Number.isNaN(value)) return { kind: 'number' };
    if (setting.kind === 'integer' && !Number.isInteger(value)) return { kind: 'whole' };
    if (setting.limits && (value < setting.limits[0] || value > setting.limits[1])) {
      return { kind: 'limits', least: setting.limits[0], most: setting.limits[1] };
    }
  }
  if (setting.choices.length > 0 && typeof value === 'string' && !setting.choices.includes(value)) {
    return { kind: 'choice' };
  }
  return undefined;
}

/** Whether a value that can be used is far from what nearly every training keeps to. */
export function unusual(setting: Setting, value: SettingValue | undefined): boolean {
  if (!setting.usual || typeof value !== 'number' || problem(setting, value)) return false;
  return value < setting.usual[0] || value > setting.usual[1];
}

/** The names of the settings whose values cannot be used. */
export function problems(description: MethodDescription, configuration: Configuration): string[] {
  return description.settings
    .filter((setting) => problem(setting, configuration.settings?.[setting.name]))
    .map((setting) => setting.name);
}

/** The setting that an error of the engine is about: its place begins with the setting's flag. */
export function settingOf(where: string | null, settings: Setting[]): Setting | undefined {
  return settings.find((setting) => where === setting.flag || where?.startsWith(`${setting.flag} `));
}

/** A list as a person types it, separated by commas or blanks. */
export function entries(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** A list as a person reads it. */
export function typed(value: SettingValue | undefined): string {
  if (Array.isArray(value)) return value.map(typed).join(', ');
  return value === undefined || value === null ? '' : String(value);
}

/** An explanation with the names of settings in the place of the command line's flags. */
export function withLabels(text: string, settings: Setting[], label: (setting: Setting) => string): string {
  return text.replace(/--[a-z-]+/g, (flag) => {
    const named = settings.find((setting) => setting.flag === flag);
    return named ? `“${label(named)}”` : flag;
  });
}
