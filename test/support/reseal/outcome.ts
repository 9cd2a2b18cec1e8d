import { isRecord, list, record } from '../../../src/base/json.ts';
import { type Mismatch, mismatchesOf, type Report } from '../../../src/verify/report.ts';
import type { Change } from './changes.ts';

/** Ways in which a change ends; a change that is missed is a failure. */
export const outcomes = ['caught', 'claimed', 'missed'] as const;
export type Outcome = (typeof outcomes)[number];

/** A mismatch that says something of the file: as the one that claims, or the one computed from. */
const concerns = ({ file, field, from = '' }: Mismatch, changed: string): boolean =>
  file.split(': ')[0] === changed || (field !== '' && from.includes(changed)) || field === changed;

/** Returns the claims that a report lists as taken on trust, in all of it and in its checks. */
const claimsOf = (report: Report): readonly unknown[] =>
  [report, ...report.checks].flatMap((part) => list(record(part).claimed));

/** Tells whether a claim is of a field: of itself, of what holds it, or of the whole file. */
function covers(claim: unknown, { files, field }: Change): boolean {
  if (!isRecord(claim) || !files.includes(String(claim.file))) return false;
  const claimed = String(claim.field ?? '');
  const rest = field.slice(claimed.length);
  return claimed === '' || (field.startsWith(claimed) && /^(?:$|[.[])/.test(rest));
}

/** Returns how a change ended: named by a mismatch, listed as only claimed, or neither. */
export function outcomeOf(report: Report, change: Change): Outcome {
  const found = mismatchesOf(report);
  if (found.some((each) => change.files.some((file) => concerns(each, file)))) return 'caught';
  return claimsOf(report).some((claim) => covers(claim, change)) ? 'claimed' : 'missed';
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
