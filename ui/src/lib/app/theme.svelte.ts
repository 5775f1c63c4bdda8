export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

let chosen = $state<Theme>('system');
let systemIsDark = $state(false);

/** The theme that was chosen. */
export function theme(): Theme {
  return chosen;
}

/** Whether the window is dark now; figures that the engine draws follow it. */
export function isDark(): boolean {
  return chosen === 'dark' || (chosen === 'system' && systemIsDark);
}

export function setTheme(next: Theme): void {
  chosen = next;
  show();
}

function show(): void {
  document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light';
}

/** Follows the system's theme. Called once. */
export function followSystemTheme(): void {
  const query = window.matchMedia('(prefers-color-scheme: dark)');
  const follow = () => {
    systemIsDark = query.matches;
    show();
  };
  query.addEventListener('change', follow);
  follow();
}
