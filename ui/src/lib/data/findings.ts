import type { DataReport, Finding, Repeats } from '$lib/carrier';
import { bytes, listed, percent, score, t, textOf } from '$lib/messages';

/** A finding of the audit as its card shows it. */
export interface FindingCard {
  finding: Finding;
  title: string;
  text: string;
}

/** The cards of a report, the gravest first, in the user's language. Classes that one part lacks share a card. */
export function cards(report: DataReport): FindingCard[] {
  const seen = new Map<string, number>();
  const found: FindingCard[] = [];
  for (const finding of report.findings) {
    const turn = next(seen, finding.kind);
    // Two parts may have the very same numbers.
    const twin = next(seen, finding.kind + JSON.stringify(finding.numbers));
    const title = textOf(`data.finding.${finding.kind}`) ?? finding.kind;
    if (finding.kind !== 'missing-class') {
      found.push({ finding, title, text: sentence(finding, report, turn, twin) ?? finding.sentence });
    } else if (turn === 0) {
      found.push(...missingClasses(report).map((text) => ({ finding, title, text })));
    }
  }
  return found;
}

function next(counts: Map<string, number>, key: string): number {
  const count = counts.get(key) ?? 0;
  counts.set(key, count + 1);
  return count;
}

/** A sentence for each part that lacks classes. */
function missingClasses(report: DataReport): string[] {
  const lacking = report.parts.map((part) => ({
    part: partName(part.name),
    labels: part.records === 0 ? [] : part.labels.filter((one) => one.records === 0).map((one) => one.label),
  }));
  return lacking
    .filter(({ labels }) => labels.length > 0)
    .map(({ part, labels }) => {
      const quoted = labels.map((label) => t('data.quoted', { label }));
      return t('data.finding.missing.text', { count: labels.length, labels: listed(quoted), part });
    });
}

/** The sentence of a finding; none where this version of the window does not know its kind. `turn` counts those of a kind, `twin` those of a kind with the same numbers. */
function sentence(finding: Finding, report: DataReport, turn: number, twin: number): string | undefined {
  const { numbers } = finding;
  const labels = [...report.labels].sort((a, b) => a.records - b.records);
  const smallest = labels[0];
  const largest = labels.at(-1);
  switch (finding.kind) {
    case 'invalid': {
      const count = finding.count;
      const reasons = Object.entries(report.invalid).map(([reason, many]) =>
        t('data.reason.many', { reason: reasonOf(reason), many }),
      );
      const protein = (numbers['protein'] ?? 0) * 2 > count ? ` ${t('data.finding.invalid.protein')}` : '';
      return t('data.finding.invalid.text', { count, reasons: listed(reasons) }) + protein;
    }
    case 'unlabelled':
      return finding.severity === 'fine'
        ? t('data.finding.unlabelled.all')
        : t('data.finding.unlabelled.text', { count: finding.count });
    case 'classes':
      return largest && t('data.finding.classes.text', { label: largest.label });
    case 'balance':
      if (!smallest || !largest) return undefined;
      if (finding.severity === 'fine') return t('data.finding.balance.fine');
      return smallest.records < 10
        ? t('data.finding.balance.few', { label: smallest.label, count: smallest.records })
        : t('data.finding.balance.text', {
            large: largest.label,
            largest: largest.records,
            small: smallest.label,
            smallest: smallest.records,
          });
    case 'leak':
    case 'near-leak': {
      if (finding.severity === 'fine') return t('data.finding.leak.fine');
      const across = report.across.filter(
        ({ repeats, records }) => same(repeats, numbers) && records === numbers['records'],
      )[twin];
      if (!across) return undefined;
      return t('data.finding.leak.text', {
        count: finding.count,
        share: percent(numbers['fraction'] ?? 0),
        part: partName(across.part),
        other: partName(across.other),
        kinds: kindsOf(across.repeats),
      });
    }
    case 'duplicates': {
      if (finding.severity === 'fine') return t('data.finding.duplicates.fine');
      const parts = report.parts.filter((part) => total(part.repeats) > 0);
      const part = parts[turn];
      if (!part) return undefined;
      const values = {
        count: finding.count,
        share: percent(numbers['fraction'] ?? 0),
        kinds: kindsOf(part.repeats),
      };
      return report.parts.length === 1
        ? t('data.finding.duplicates.text', values)
        : t('data.finding.duplicates.part', { ...values, part: partName(part.name) });
    }
    case 'contradictions': {
      if (finding.severity === 'fine') return t('data.finding.contradictions.fine');
      const { sequences, records, near_records } = report.contradictions;
      if (sequences === 0) return t('data.finding.contradictions.near', { count: near_records });
      return t('data.finding.contradictions.text', { count: sequences, records });
    }
    case 'relatives': {
      const found = report.relatives.find(
        (one) => one.fraction === numbers['fraction'] && one.records === finding.count,
      );
      if (!found) return undefined;
      return t('data.finding.relatives.text', {
        count: found.records,
        label: found.label,
        other: found.other,
        share: percent(found.fraction),
        own: percent(found.fraction_in_class),
      });
    }
    case 'shortcut': {
      if (finding.severity === 'fine') return t('data.finding.shortcut.fine');
      const found = report.shortcuts.find(({ mean }) => mean === numbers['mean']);
      if (!found) return undefined;
      const gc = found.feature === 'gc';
      const shown = (value: number) => (gc ? percent(value) : t('data.bases', { count: Math.round(value) }));
      return t(gc ? 'data.finding.shortcut.gc' : 'data.finding.shortcut.length', {
        label: found.label,
        auroc: score(numbers['auroc'], 2),
        mean: shown(found.mean),
        others: shown(found.mean_of_others),
      });
    }
    case 'ambiguity':
      return t(report.model === null ? 'data.finding.ambiguity.text' : 'data.finding.ambiguity.known', {
        count: finding.count,
        letters: report.ambiguous_letters,
      });
    case 'short':
      return t('data.finding.short.text', { count: numbers['minimum'] ?? 0 });
    case 'ids':
      return t('data.finding.ids.text', { count: finding.count });
    case 'repairs':
      return t('data.finding.repairs.text', { count: finding.count, what: repairsOf(report) });
    default:
      return undefined;
  }
}

const total = (repeats: Repeats) => repeats.exact + repeats.reverse_complement + repeats.near;

function same(repeats: Repeats, numbers: Finding['numbers']): boolean {
  return (['exact', 'reverse_complement', 'near'] as const).every((kind) => repeats[kind] === numbers[kind]);
}

function kindsOf(repeats: Repeats): string {
  const kinds = (['exact', 'reverse_complement', 'near'] as const).filter((kind) => repeats[kind] > 0);
  return listed(kinds.map((kind) => t(`data.repeat.${kind}`, { count: repeats[kind] })));
}

function repairsOf(report: DataReport): string {
  const kinds = ['upper_cased', 'uracil', 'blanks', 'gaps', 'kmers', 'labels'] as const;
  const made = kinds.filter((kind) => report.repairs[kind] > 0);
  return listed(made.map((kind) => t(`data.repaired.${kind}`, { count: report.repairs[kind] })));
}

/** Why records were refused, in a word. */
export function reasonOf(kind: string): string {
  return textOf(`data.reason.${kind.replace(' ', '-')}`) ?? kind;
}

/** A part of the data by its name in the user's language; other names as the file writes them. */
export function partName(name: string): string {
  const usual = partNames[name.toLowerCase()];
  return usual ? t(`part.${usual}`) : name;
}

/** Names that files give to the parts. */
const partNames: Record<string, 'all' | 'train' | 'validation' | 'test' | undefined> = {
  all: 'all',
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  dev: 'validation',
  test: 'test',
  testing: 'test',
};

/** A file in a few words: what it is, how large, how many records. */
export function fileWords(file: DataReport['files'][number]): string {
  const format = textOf(`data.format.${file.format}`) ?? file.format;
  return [format, bytes(file.bytes), t('data.records', { count: file.records })].join(' · ');
}
