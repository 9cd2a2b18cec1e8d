import { plural } from '../../base/format.ts';
import type { Palette } from '../../ui/screen.ts';
import { oneLine, wrap } from '../../ui/text.ts';
import type { Check, Mismatch, Report } from '../../verify/report.ts';
import { mismatchesOf } from '../../verify/report.ts';

/** Aligns lines beside the longest word of `outcome`. */
const indent = ' '.repeat(10);

function outcome({ skipped, mismatches }: Check, palette: Palette): string {
  if (skipped !== undefined) return palette.yellow('skipped   ');
  return mismatches.length === 0 ? palette.green('holds     ') : palette.red('mismatch  ');
}

function checkLines(check: Check, columns: number, palette: Palette): string[] {
  const { what, extent, skipped } = check;
  const text = skipped ? `${what}: ${skipped}` : extent ? `${what} (${extent})` : what;
  const [first = '', ...more] = wrap(oneLine(text), columns - indent.length);
  return [`${outcome(check, palette)}${first}`, ...more.map((line) => `${indent}${line}`)];
}

const mismatchLines = ({ file, field, claimed, computed, from }: Mismatch, palette: Palette) => [
  palette.bold(oneLine(field === '' ? file : `${file}: ${field}`)),
  `  ${palette.dim('claimed ')} ${oneLine(claimed)}`,
  `  ${palette.dim('computed')} ${oneLine(computed)}${from ? palette.dim(` (${oneLine(from)})`) : ''}`,
];

/** Writes a verification as a person reads it: every check, then every mismatch, then the outcome. */
export function reportText(report: Report, columns: number, palette: Palette): string {
  const { subject, checks } = report;
  const mismatches = mismatchesOf(report);
  const skipped = checks.filter((check) => check.skipped !== undefined).length;
  const made = plural(checks.length - skipped, 'check');
  const end =
    mismatches.length === 0
      ? `${palette.green('Verified')} ${palette.bold(oneLine(subject))}: ${made}, no mismatch${skipped > 0 ? `, ${skipped} skipped` : ''}.`
      : `${palette.red(plural(mismatches.length, 'mismatch', 'mismatches'))} in ${palette.bold(oneLine(subject))}.`;
  const lines = [
    ...checks.flatMap((check) => checkLines(check, columns, palette)),
    ...mismatches.flatMap((each) => ['', ...mismatchLines(each, palette)]),
    '',
    end,
  ];
  return `${lines.join('\n')}\n`;
}
