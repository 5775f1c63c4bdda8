import type { DataReport } from '$lib/carrier';

/** Where negatives may come from. */
export const negatives = ['matched', 'genome', 'shuffled', 'classes'] as const;
export type Negatives = (typeof negatives)[number];

/** How well one plain number tells a class from the others. */
export interface Sign {
  feature: 'gc' | 'length';
  label: string;
  /** 0.5 is chance, 1 is perfect, whichever way. */
  auroc: number;
  /** The check-up says that it is worth asking why. */
  suspicious: boolean;
}

/** The strongest sign of each kind. */
export function signs(report: DataReport): Sign[] {
  return (['gc', 'length'] as const).flatMap((feature) => {
    const all = report.shortcuts.filter((one) => one.feature === feature);
    const strength = (auroc: number) => Math.max(auroc, 1 - auroc);
    const strongest = all.sort((a, b) => strength(b.auroc) - strength(a.auroc))[0];
    if (!strongest) return [];
    const suspicious = report.findings.some(
      ({ kind, severity, numbers }) =>
        kind === 'shortcut' && severity !== 'fine' && all.some(({ mean }) => mean === numbers['mean']),
    );
    return [{ feature, label: strongest.label, auroc: strength(strongest.auroc), suspicious }];
  });
}
