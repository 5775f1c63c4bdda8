/**
 * Columns for `count` cards that are at least `least` wide, in the same unit as `width` and `gap`: as few rows as there is room
 * for, and those as even as can be, so that no card is left alone below four others.
 */
export function columnsFor(count: number, width: number, least: number, gap: number): number {
  const most = Math.max(1, Math.floor((width + gap) / (least + gap)));
  return Math.ceil(count / Math.ceil(count / most));
}
