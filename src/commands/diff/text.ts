import { plural } from '../../base/format.ts';
import type { Difference } from '../../base/json-differences.ts';
import { type DiffReport, isSame } from '../../diff/diff.ts';
import { table } from '../../ui/layout.ts';
import type { Palette } from '../../ui/screen.ts';
import { oneLine, wrap } from '../../ui/text.ts';
import { type Drift, driftOf, type Folded, fieldsOf, folded, markOf, nameOf } from './sections.ts';

export interface TextLayout {
  readonly columns: number;
  readonly palette: Palette;
}

type Pair = Difference & { readonly cause?: string };

function pairs(title: string, found: readonly Pair[], { palette }: TextLayout): string[] {
  if (found.length === 0) return [];
  const lines = found.flatMap(({ field, claimed, computed, cause }) => [
    `  ${oneLine(field)}${cause === undefined ? '' : palette.dim(` (${cause})`)}`,
    `    ${palette.red('-')} ${oneLine(claimed)}`,
    `    ${palette.green('+')} ${oneLine(computed)}`,
  ]);
  return [palette.bold(title), ...lines, ''];
}

function packages({ packages: changes }: DiffReport, layout: TextLayout): string[] {
  if (changes.length === 0) return [];
  const rows = changes.map(({ set, name, before = '-', after = '-' }) => [
    set,
    name,
    before,
    after,
  ]);
  const title = layout.palette.bold(plural(changes.length, 'changed input'));
  return [title, table(['IN', 'INPUT', 'OLD', 'NEW'], rows, layout)];
}

/** Paths that are explained are listed up to this number, which is enough to see what it is about. */
const mostExplained = 10;

function pathLine({ path, beneath }: Folded, { palette }: TextLayout): string {
  const fields = beneath > 0 ? `and ${plural(beneath, 'path')} beneath it` : fieldsOf(path);
  const detail = path.detail === '' ? '' : palette.dim(` (${oneLine(path.detail)})`);
  const mark = markOf(path);
  const colour = { '+': palette.green, '-': palette.red }[mark] ?? palette.yellow;
  return `  ${colour(mark)} ${nameOf(path)}${fields === '' ? '' : ` ${fields}`}${detail}`;
}

function drift({ cause, reason, paths }: Drift, layout: TextLayout): string[] {
  const { palette, columns } = layout;
  const isOpen = cause === 'unexplained';
  const title = `${plural(paths.length, 'path')}: ${cause}`;
  const all = folded(paths);
  const shown = isOpen ? all : all.slice(0, mostExplained);
  const more = all.length - shown.length;
  return [
    isOpen ? palette.red(title) : palette.bold(title),
    ...wrap(reason, columns - 2).map((line) => palette.dim(`  ${line}`)),
    ...shown.map((path) => pathLine(path, layout)),
    ...(more > 0 ? [palette.dim(`  and ${plural(more, 'more path')}; --json lists all`)] : []),
    '',
  ];
}

/** Writes a comparison as a person reads it. */
export function diffText(report: DiffReport, layout: TextLayout): string {
  const { one, other, digests, recipe, config, missing } = report;
  const { palette } = layout;
  const heading = `${palette.red('-')} ${oneLine(one)}\n${palette.green('+')} ${oneLine(other)}`;
  const open = missing.map((line) => palette.yellow(`not compared: ${oneLine(line)}`));
  const compared = report.compared.join(', ');
  const same = isSame(report) ? [palette.green(`Identical: ${compared}.`)] : [];
  const lines = [
    heading,
    '',
    ...pairs('Digests', digests, layout),
    ...pairs('Recipe', recipe, layout),
    ...packages(report, layout),
    ...driftOf(report).flatMap((each) => drift(each, layout)),
    ...pairs('Config', config, layout),
    ...open,
    ...same,
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
