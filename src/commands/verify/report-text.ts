import { plural } from '../../base/format.ts';
import type { Palette } from '../../ui/screen.ts';
import { oneLine, wrap } from '../../ui/text.ts';
import {
  type Check,
  checksThat,
  type Mismatch,
  mismatchesOf,
  type Outcome,
  outcomeOf,
  type Report,
} from '../../verify/report.ts';
import type { Answer } from '../../verify/require.ts';

/** Aligns lines beside the longest outcome. */
const width = 13;
const indent = ' '.repeat(width);

const colours: Readonly<Record<Outcome, 'green' | 'red' | 'yellow'>> = {
  holds: 'green',
  mismatch: 'red',
  claimed: 'yellow',
  'not checked': 'yellow',
};

function checkLines(check: Check, columns: number, palette: Palette): string[] {
  const { what, extent, skipped, claimed } = check;
  const outcome = outcomeOf(check);
  const named = extent ? `${what} (${extent})` : what;
  const reason = skipped ?? claimed;
  const [first = '', ...more] = wrap(
    oneLine(reason === undefined ? named : `${named}: ${reason}`),
    columns - width,
  );
  const word = palette[colours[outcome]](outcome.padEnd(width));
  return [`${word}${first}`, ...more.map((line) => `${indent}${line}`)];
}

const mismatchLines = ({ file, field, claimed, computed, from }: Mismatch, palette: Palette) => [
  palette.bold(oneLine(field === '' ? file : `${file}: ${field}`)),
  `  ${palette.dim('claimed ')} ${oneLine(claimed)}`,
  `  ${palette.dim('computed')} ${oneLine(computed)}${from ? palette.dim(` (${oneLine(from)})`) : ''}`,
];

const missingIn = (answers: readonly Answer[]) =>
  answers.flatMap(({ requirement, missing }) =>
    missing === undefined ? [] : [{ requirement, missing }],
  );

/** Returns `; 3 claimed, 1 not checked`, or nothing where every check was made. */
function remainder(report: Report): string {
  const parts = (['claimed', 'not checked'] as const).flatMap((outcome) => {
    const { length } = checksThat(report, outcome);
    return length > 0 ? [`${length} ${outcome}`] : [];
  });
  return parts.length > 0 ? `; ${parts.join(', ')}` : '';
}

function lastLine(report: Report, answers: readonly Answer[], palette: Palette): string {
  const subject = palette.bold(oneLine(report.subject));
  const mismatches = mismatchesOf(report);
  const rest = remainder(report);
  if (mismatches.length > 0) {
    return `${palette.red(plural(mismatches.length, 'mismatch', 'mismatches'))} in ${subject}${rest}.`;
  }
  const made = `${plural(checksThat(report, 'holds').length, 'check')}, no mismatch${rest}`;
  const missing = missingIn(answers).map(({ requirement }) => requirement);
  if (missing.length === 0) return `${palette.green('Verified')} ${subject}: ${made}.`;
  return `${palette.red('Not verified')} ${subject}: it lacks what is required: ${missing.join(', ')} (${made}).`;
}

/**
 * Writes a verification as a person reads it: every check, then every mismatch, then what is required and
 * not there, then the outcome.
 */
export function reportText(
  report: Report,
  answers: readonly Answer[],
  columns: number,
  palette: Palette,
): string {
  const missing = missingIn(answers).map(({ requirement, missing }) =>
    palette.red(oneLine(`--require ${requirement}: ${missing}`)),
  );
  const lines = [
    ...report.checks.flatMap((check) => checkLines(check, columns, palette)),
    ...mismatchesOf(report).flatMap((each) => ['', ...mismatchLines(each, palette)]),
    ...(missing.length > 0 ? ['', ...missing] : []),
    '',
    lastLine(report, answers, palette),
  ];
  return `${lines.join('\n')}\n`;
}
