import { onMount } from 'svelte';
import type { Dropping } from '$lib/carrier/carrier';
import { sayFailure } from './toasts.svelte';

/** What is done with dropped files: the words that the window shows while they hover, and the deed. */
export interface DropTarget {
  words: () => string;
  take: (paths: string[]) => void;
}

let hovering = $state(false);
let share = $state<number | undefined>();
let target = $state.raw<DropTarget | undefined>();
let usual: DropTarget | undefined;

/** Whether files hover over the window. */
export function isHovering(): boolean {
  return hovering;
}

/** How much of dropped or picked files the engine has, while it is given them. */
export function handedOver(): number | undefined {
  return share;
}

/** Where files would go that are dropped now. */
export function dropTarget(): DropTarget | undefined {
  return target ?? usual;
}

/** Takes dropped files while the calling component is on the screen. */
export function takeDrops(taker: DropTarget): void {
  onMount(() => {
    target = taker;
    return () => {
      if (target === taker) target = undefined;
    };
  });
}

/** Takes dropped files wherever no screen does. Called once. */
export function takeOtherDrops(taker: DropTarget): void {
  usual = taker;
}

/** For the carrier. */
export const dropping: Dropping = {
  over: (now) => (hovering = now),
  dropped: (paths) => {
    hovering = false;
    if (paths.length > 0) dropTarget()?.take(paths);
  },
  handing: (now) => (share = now),
  failed: sayFailure,
};
