import type { Palette } from './color.ts';
import { padEnd } from './text.ts';

/** A label and its lines. */
export type Fact = readonly [label: string, lines: string | readonly string[]];

const gap = 2;

const widest = (labels: readonly string[]): number =>
  Math.max(0, ...labels.map((label) => label.length)) + gap;

/**
 * Labels in one column and their lines beside them; a fact without lines is left out. `width` is
 * that of the labels' column, as wide as the longest of them when left out.
 */
export function facts(rows: readonly Fact[], palette: Palette, width?: number): string[] {
  const shown = rows
    .map(([label, lines]) => [label, typeof lines === 'string' ? [lines] : lines] as const)
    .filter(([, lines]) => lines.length > 0);
  const column = width ?? widest(shown.map(([label]) => label));
  return shown.flatMap(([label, lines]) =>
    lines.map((line, index) =>
      `${palette.dim(padEnd(index === 0 ? label : '', column))}${line}`.trimEnd(),
    ),
  );
}
