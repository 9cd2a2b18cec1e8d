import { type Mismatch, mismatchesOf, type Report } from '../../../src/verify/report.ts';
import type { Change } from './changes.ts';
import { isClaimed } from './claims.ts';

/** Ways in which a change ends; a change that is missed is a failure. */
export const outcomes = ['caught', 'claimed', 'missed'] as const;
export type Outcome = (typeof outcomes)[number];

/** A mismatch that says something of the file: as the one that claims, or the one computed from. */
const concerns = ({ file, field, from = '' }: Mismatch, changed: string): boolean =>
  file.split(': ')[0] === changed || (field !== '' && from.includes(changed)) || field === changed;

const ids = ['serialNumber', 'documentNamespace'];

/**
 * Tells whether a mismatch is only that a document's id is computed from other contents, which a forger
 * writes anew like any sum.
 */
const isSum = ({ field }: Mismatch, change: Change): boolean =>
  ids.includes(field) && !change.field.endsWith(field);

/** Returns the words of the checks that a report lists as claimed, or as not made. */
const takenOnTrust = ({ checks }: Report): string[] =>
  checks
    .filter((check) => ('claimed' in check && check.claimed) || check.skipped !== undefined)
    .map(({ what }) => what);

/** Returns how a change ended: named by a mismatch, listed as only claimed or not checked, or neither. */
export function outcomeOf(report: Report, change: Change): Outcome {
  const found = mismatchesOf(report).filter((each) => !isSum(each, change));
  if (found.some((each) => change.files.some((file) => concerns(each, file)))) return 'caught';
  return takenOnTrust(report).some((what) => isClaimed(what, change)) ? 'claimed' : 'missed';
}

/** Counts outcomes by the group of the change. */
export type Counts = Map<string, Record<Outcome, number>>;

/** Writes counts as a table, a line for each group. */
export function tableOf(counts: Counts): string {
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const width = Math.max(...rows.map(([where]) => where.length), 'changed'.length);
  const line = (first: string, cells: readonly unknown[]) =>
    `${first.padEnd(width)}${cells.map((cell) => String(cell).padStart(9)).join('')}\n`;
  const total = outcomes.map((each) => rows.reduce((sum, [, row]) => sum + row[each], 0));
  const lines = rows.map(([where, row]) =>
    line(
      where,
      outcomes.map((each) => row[each]),
    ),
  );
  return [line('changed', outcomes), ...lines, line('all', total)].join('');
}
