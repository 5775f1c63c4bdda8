/** Texts of the settings screen. Keys begin with `settings.`. */
export const settings = {
  'settings.appearance': 'Appearance',
  'settings.language': 'Language',
  'settings.system': 'As the system',
  'settings.theme': 'Theme',
  'settings.theme.system': 'System',
  'settings.theme.light': 'Light',
  'settings.theme.dark': 'Dark',
} as const;
