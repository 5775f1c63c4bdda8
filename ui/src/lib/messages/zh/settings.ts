import type { settings as english } from '../en/settings';
import type { SameKeys } from '../types';

export const settings = {
  'settings.appearance': '外观',
  'settings.language': '语言',
  'settings.system': '跟随系统',
  'settings.theme': '主题',
  'settings.theme.system': '系统',
  'settings.theme.light': '浅色',
  'settings.theme.dark': '深色',
} as const satisfies SameKeys<typeof english>;
