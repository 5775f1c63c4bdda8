import { Failure } from '$lib/carrier';
import { said } from '$lib/messages';

/** A short word to the user that goes by itself. */
export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'fine' | 'fix';
  /** Something that can be done about it, such as to undo. */
  action?: { label: string; run: () => void };
  /** Called when it has gone and the action was not taken: what was kept for it may go, too. */
  gone?: () => void;
}

/** How long it stays, in milliseconds: long enough to read, and to reach for its button. */
const STAYS = { plain: 6000, fine: 6000, fix: 12000, action: 10000 };
/** How long it stays at least once the pointer and the keyboard have left it. */
const STAYS_AFTER = 4000;

let shown = $state<Toast[]>([]);
let counted = 0;
/** When each goes, and the clock that waits for that; none while it is held. */
const leaving = new Map<number, { at: number; timer: ReturnType<typeof setTimeout> }>();
/** What holds them: nothing goes from under a pointer or from under the keyboard. */
const holders = new Set<'pointer' | 'keyboard'>();

export function toasts(): Toast[] {
  return shown;
}

/** Says something. At most three stand at a time. */
export function say(
  text: string,
  options: Pick<Toast, 'action' | 'gone'> & { tone?: Toast['tone'] } = {},
): void {
  const { tone = 'plain', action, gone } = options;
  const toast: Toast = { id: ++counted, text, tone, action, gone };
  // The same again, with nothing to do about it, is one word and not two.
  const same = shown.find((one) => !action && !one.action && one.text === text);
  if (same) dismiss(same.id);
  shown.slice(0, -2).forEach(({ id }) => dismiss(id));
  shown = [...shown, toast];
  leaveIn(toast.id, action ? STAYS.action : STAYS[tone]);
}

/** Says that something failed, where no place on the screen is better. */
export function sayFailure(error: unknown): void {
  const failure = Failure.of(error);
  say([failure.message, failure.remedy].filter(Boolean).map(said).join(' — '), { tone: 'fix' });
}

export function dismiss(id: number): void {
  const toast = remove(id);
  toast?.gone?.();
}

/** Does what a toast offers. */
export function act(id: number): void {
  remove(id)?.action?.run();
}

/** Lets nothing go while a pointer or the keyboard is there. */
export function hold(holder: 'pointer' | 'keyboard'): void {
  holders.add(holder);
  leaving.forEach(({ timer }) => clearTimeout(timer));
}

/** The pointer or the keyboard has left. */
export function release(holder: 'pointer' | 'keyboard'): void {
  if (!holders.delete(holder) || holders.size > 0) return;
  for (const [id, { at }] of leaving) leaveIn(id, Math.max(STAYS_AFTER, at - Date.now()));
}

function leaveIn(id: number, time: number): void {
  const timer = setTimeout(() => dismiss(id), time);
  leaving.set(id, { at: Date.now() + time, timer });
  if (holders.size > 0) clearTimeout(timer);
}

function remove(id: number): Toast | undefined {
  const toast = shown.find((one) => one.id === id);
  clearTimeout(leaving.get(id)?.timer);
  leaving.delete(id);
  shown = shown.filter((one) => one.id !== id);
  // What is gone can no longer be left.
  if (shown.length === 0) holders.clear();
  return toast;
}
