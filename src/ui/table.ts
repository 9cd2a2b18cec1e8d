import type { Palette } from './color.ts';
import { oneLine, padEnd, textWidth, wrap } from './text.ts';

const gap = '  ';
const leastLastColumn = 24;

/**
 * Rows under a header, aligned; the last column is wrapped to what is left of `columns`. Cells are
 * cleaned of control characters.
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
