import type { ColumnChoice, Columns } from '$lib/carrier';

/** What a column may hold. */
export const roles = ['sequence', 'label', 'id', 'split', 'group'] as const;
export type Role = (typeof roles)[number];

/** What the engine takes from a column: as chosen, else as guessed. */
export function roleOf(column: string, columns: Columns): Role | undefined {
  return roles.find((role) => columns[role] === column);
}

/** The choice after `column` was given a role, or none: a role belongs to one column, and a column has one role. */
export function withRole(
  choice: ColumnChoice,
  columns: Columns,
  column: string,
  role: Role | undefined,
): ColumnChoice {
  const next: ColumnChoice = { ...choice };
  const old = roleOf(column, columns);
  // The rest of what was guessed is kept as it is, so that one change does not set others off.
  for (const one of roles) {
    const guessed = columns[one];
    if (guessed !== null && next[one] === undefined && columns.available.includes(guessed))
      next[one] = guessed;
  }
  if (old) delete next[old];
  if (role) next[role] = column;
  return next;
}
