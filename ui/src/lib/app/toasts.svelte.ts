import { Failure } from '$lib/carrier';
import { said } from '$lib/messages';

/** A short word to the user that goes by itself. */
export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'fine' | 'fix';
  /** Something that can be done about it, such as to undo. */
  action?: { label: string; run: () => void };
}

/** How long it stays, in milliseconds: long enough to read and to reach for its button. */
const STAYS = { plain: 6000, fine: 6000, fix: 12000 };

let shown = $state<Toast[]>([]);
let counted = 0;

export function toasts(): Toast[] {
  return shown;
}

/** Says something. At most three stand at a time. */
export function say(text: string, options: Pick<Toast, 'action'> & { tone?: Toast['tone'] } = {}): void {
  const toast: Toast = { id: ++counted, text, tone: options.tone ?? 'plain', action: options.action };
  shown = [...shown.slice(-2), toast];
  setTimeout(() => dismiss(toast.id), options.action ? 10000 : STAYS[toast.tone]);
}

/** Says that something failed, where no place on the screen is better. */
export function sayFailure(error: unknown): void {
  const failure = Failure.of(error);
  say([failure.message, failure.remedy].filter(Boolean).map(said).join(' — '), { tone: 'fix' });
}

export function dismiss(id: number): void {
  shown = shown.filter((toast) => toast.id !== id);
}
