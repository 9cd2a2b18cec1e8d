import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  cellWidth,
  textWidth
} from "./chunk-K3BCUTJR.js";

// src/ui/text.ts
import { relative } from "node:path";
var controls = new RegExp("\\p{Cc}\\[[0-?]*[ -/]*[@-~]|\\p{Cc}\\][^\\p{Cc}]*(?:\\p{Cc}\\\\)?|\\p{Cc}|[\\u202a-\\u202e\\u2066-\\u2069]", "gu");
function oneLine(text) {
  return text.replace(/\r?\n/g, " ").replaceAll("	", "    ").replace(controls, "");
}
function manyLines(text) {
  return text.split(/\r?\n/).map(oneLine).join("\n");
}
function truncate(text, width) {
  if (textWidth(text) <= width) return text;
  if (width < 1) return "";
  let kept = "";
  let cells = 0;
  for (const character of text) {
    cells += cellWidth(character);
    if (cells >= width) break;
    kept += character;
  }
  return `${kept}\u2026`;
}
var padEnd = (text, width) => text + " ".repeat(Math.max(0, width - textWidth(text)));
function wrap(text, width) {
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
var shellWord = (word) => /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
function shortPath(path, cwd) {
  const short = relative(cwd, path);
  return short === "" || short.startsWith("..") ? path : short;
}

export {
  oneLine,
  manyLines,
  truncate,
  padEnd,
  wrap,
  shellWord,
  shortPath
};
//# sourceMappingURL=chunk-QN74KDTT.js.map
