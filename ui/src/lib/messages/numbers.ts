import { language } from './language.svelte';

/** Numbers, sizes and times as the user's language writes them. */

/** A count, or a number with up to `digits` decimals. */
export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(language(), { maximumFractionDigits: digits }).format(value);
}

/** A difference with its sign, a true minus among them; `shown` writes what is left without it. */
export function signed(value: number, shown: (value: number) => string = number): string {
  const sign = value < 0 ? '−' : value > 0 ? '+' : '';
  return `${sign}${shown(Math.abs(value))}`;
}

/** A score between 0 and 1 with three decimals; a dash where there is none. */
export function score(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  return new Intl.NumberFormat(language(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** A share of 1 in per cent. */
export function percent(value: number, digits = 1): string {
  return new Intl.NumberFormat(language(), { style: 'percent', maximumFractionDigits: digits }).format(value);
}

/** Bytes in the largest unit that leaves a number of one or more, by powers of 1,000 as disks are sold. */
export function bytes(value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit > 1 && size < 10 ? 1 : 0;
  const style = {
    style: 'unit',
    unit: units[unit],
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  } as const;
  return new Intl.NumberFormat(language(), style).format(size);
}

/** A time in its two largest units: "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: [number, 'day' | 'hour' | 'minute' | 'second'][] = [
    [Math.floor(whole / 86400), 'day'],
    [Math.floor(whole / 3600) % 24, 'hour'],
    [Math.floor(whole / 60) % 60, 'minute'],
    [whole % 60, 'second'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  if (first < 0) return unit(0, 'second');
  const shown = parts.slice(first, first + 2).filter(([value]) => value > 0);
  return shown.map(([value, name]) => unit(value, name)).join(' ');
}

function unit(value: number, name: 'day' | 'hour' | 'minute' | 'second'): string {
  return new Intl.NumberFormat(language(), { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
}

/** A day and a time, as near as they need to be: today only the time, this year without the year. */
export function moment(time: string | Date, now = new Date()): string {
  const date = typeof time === 'string' ? new Date(time) : time;
  if (Number.isNaN(date.getTime())) return '';
  const clock = { hour: '2-digit', minute: '2-digit' } as const;
  const day = { day: 'numeric', month: 'short' } as const;
  const sameDay = date.toDateString() === now.toDateString();
  const sameYear = date.getFullYear() === now.getFullYear();
  const style = sameDay ? clock : sameYear ? { ...day, ...clock } : { ...day, year: 'numeric' as const };
  return new Intl.DateTimeFormat(language(), style).format(date);
}

/** Words with the language's own "and". */
export function listed(words: string[]): string {
  return new Intl.ListFormat(language(), { type: 'conjunction' }).format(words);
}

/** The last part of a path. */
export function fileName(path: string): string {
  return (
    path
      .replace(/[\\/]+$/, '')
      .split(/[\\/]/)
      .pop() ?? path
  );
}
