import { textWidth } from '../base/characters.ts';
import type { Palette } from './screen.ts';
import { oneLine, padEnd, wrap } from './text.ts';

const gap = '  ';
const leastLastColumn = 24;

/**
 * Lays out rows under a header, aligned; the last column is wrapped to what is left of `columns`. Cells
 * are cleaned of control characters.
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { columns, palette }: { readonly columns: number; readonly palette: Palette },
): string {
  const clean = rows.map((row) => row.map(oneLine));
  const widths = header.map((title, at) =>
    Math.max(textWidth(title), ...clean.map((row) => textWidth(row[at] ?? ''))),
  );
  const last = header.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + gap.length, 0);
  const room = Math.max(leastLastColumn, columns - before);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => (at === last ? cell : padEnd(cell, widths[at] ?? 0)))
      .join(gap)
      .trimEnd();
  const body = clean.flatMap((row) => {
    const [first = '', ...more] = wrap(row[last] ?? '', room);
    return [
      line([...row.slice(0, last), first]),
      ...more.map((text) => `${' '.repeat(before)}${text}`.trimEnd()),
    ];
  });
  return `${[palette.dim(line(header)), ...body].join('\n')}\n`;
}

/** A label and its lines. */
export type Fact = readonly [label: string, lines: string | readonly string[]];

/**
 * Lays out labels in one column and their lines beside them; a fact without lines is left out. `width`
 * is that of the labels' column, as wide as the longest of them when left out.
 */
export function facts(rows: readonly Fact[], palette: Palette, width?: number): string[] {
  const shown = rows
    .map(([label, lines]) => [label, typeof lines === 'string' ? [lines] : lines] as const)
    .filter(([, lines]) => lines.length > 0);
  const widest = Math.max(0, ...shown.map(([label]) => textWidth(label))) + gap.length;
  return shown.flatMap(([label, lines]) =>
    lines.map((line, index) =>
      `${palette.dim(padEnd(index === 0 ? label : '', width ?? widest))}${line}`.trimEnd(),
    ),
  );
}

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** Tells whether a value is short enough to stand on the line of its key. */
const fitsInline = (value: unknown): boolean =>
  isPlain(value) ||
  (Array.isArray(value) ? value.every(isPlain) : Object.keys(value!).length === 0);

const inline = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
    : JSON.stringify(value);

/**
 * Lays out a value of JSON as indented `key: value` lines, which are YAML as well: every scalar is
 * written as JSON does, so nothing in it can be taken for something else.
 */
export function outline(value: object, indent = ''): string[] {
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .flatMap(([name, item]: [string, unknown]) => {
      const key = /^[A-Za-z_][\w-]*$/.test(name) ? name : JSON.stringify(name);
      if (fitsInline(item)) return [`${indent}${key}: ${inline(item)}`];
      if (!Array.isArray(item))
        return [`${indent}${key}:`, ...outline(item as object, `${indent}  `)];
      return [`${indent}${key}:`, ...item.map((each) => `${indent}  - ${JSON.stringify(each)}`)];
    });
}
