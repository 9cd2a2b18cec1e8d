import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  oneLine,
  padEnd,
  wrap
} from "./chunk-QN74KDTT.js";
import {
  textWidth
} from "./chunk-K3BCUTJR.js";

// src/ui/layout.ts
var gap = "  ";
var leastLastColumn = 24;
function table(header, rows, { columns, palette }) {
  const clean = rows.map((row) => row.map(oneLine));
  const widths = header.map(
    (title, at) => Math.max(textWidth(title), ...clean.map((row) => textWidth(row[at] ?? "")))
  );
  const last = header.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + gap.length, 0);
  const room = Math.max(leastLastColumn, columns - before);
  const line = (cells) => cells.map((cell, at) => at === last ? cell : padEnd(cell, widths[at] ?? 0)).join(gap).trimEnd();
  const body = clean.flatMap((row) => {
    const [first = "", ...more] = wrap(row[last] ?? "", room);
    return [
      line([...row.slice(0, last), first]),
      ...more.map((text) => `${" ".repeat(before)}${text}`.trimEnd())
    ];
  });
  return `${[palette.dim(line(header)), ...body].join("\n")}
`;
}
function facts(rows, palette, width) {
  const shown = rows.map(([label, lines]) => [label, typeof lines === "string" ? [lines] : lines]).filter(([, lines]) => lines.length > 0);
  const widest = Math.max(0, ...shown.map(([label]) => textWidth(label))) + gap.length;
  return shown.flatMap(
    ([label, lines]) => lines.map(
      (line, index) => `${palette.dim(padEnd(index === 0 ? label : "", width ?? widest))}${line}`.trimEnd()
    )
  );
}
var isPlain = (value) => typeof value !== "object" || value === null;
var fitsInline = (value) => isPlain(value) || (Array.isArray(value) ? value.every(isPlain) : Object.keys(value).length === 0);
var inline = (value) => Array.isArray(value) ? `[${value.map((item) => JSON.stringify(item)).join(", ")}]` : JSON.stringify(value);
function outline(value, indent = "") {
  return Object.entries(value).filter(([, item]) => item !== void 0).flatMap(([name, item]) => {
    const key = /^[A-Za-z_][\w-]*$/.test(name) ? name : JSON.stringify(name);
    if (fitsInline(item)) return [`${indent}${key}: ${inline(item)}`];
    if (!Array.isArray(item))
      return [`${indent}${key}:`, ...outline(item, `${indent}  `)];
    return [`${indent}${key}:`, ...item.map((each) => `${indent}  - ${JSON.stringify(each)}`)];
  });
}

export {
  table,
  facts,
  outline
};
//# sourceMappingURL=chunk-KYNFMTBK.js.map
