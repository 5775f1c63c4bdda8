import type { Setting, SettingValue } from '$lib/carrier';
import { listed, number, said, t, textOf } from '$lib/messages';
import { withLabels, type Problem } from './form';

/** A setting's name for people. */
export function labelOf(setting: Setting): string {
  return said(setting.label);
}

/** Its longer explanation, with the names of other settings as this screen has them. */
export function explanationOf(setting: Setting, settings: Setting[]): string {
  return withLabels(said(setting.explanation), settings, labelOf);
}

/** Its sentence of help. Of a flag that switches something off, the sentence would say the opposite of the switch. */
export function helpOf(setting: Setting, settings: Setting[]): string | undefined {
  return setting.flag.startsWith('--no-') ? undefined : withLabels(said(setting.help), settings, labelOf);
}

/** What is wrong with a value. */
export function problemText(problem: Problem): string {
  if (problem.kind !== 'limits') return t(`method.problem.${problem.kind}`);
  return t('method.problem.limits', { least: limitText(problem.least), most: limitText(problem.most) });
}

/** That a value is far from what nearly every training keeps to. */
export function unusualText(setting: Setting): string | undefined {
  if (!setting.usual) return undefined;
  const [least, most] = setting.usual;
  return t('method.unusual', { least: limitText(least), most: limitText(most) });
}

/** A limit, where a very small one would be a row of noughts. */
export function limitText(limit: number): string {
  return limit !== 0 && Math.abs(limit) < 1e-3 ? limit.toExponential() : number(limit, 3);
}

/** A choice in words. */
export function choiceText(setting: string, choice: string): string {
  return (
    textOf(`method.choice.${setting}.${choice}`) ??
    textOf(`${setting}.${choice}`) ??
    textOf(`method.choice.${choice}`) ??
    choice
  );
}

/** A value as a person reads it. */
export function valueText(setting: Setting, value: SettingValue): string {
  if (value === null || value === '') return t('method.automatic');
  if (typeof value === 'boolean') return t(value ? 'parts.yes' : 'parts.no');
  if (typeof value === 'number') return number(value, 9);
  if (Array.isArray(value)) {
    return value.length === 0 ? t('parts.none') : listed(value.map((one) => valueText(setting, one)));
  }
  return setting.choices.includes(value) ? choiceText(setting.name, value) : value;
}
