import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  shortened
} from "./chunk-K3BCUTJR.js";

// src/recipe/diagnostics/as-list.ts
var shellSyntax = /[|&;<>\n]/;
var expansion = /[$`]/;
var singleQuoted = /'[^']*'/g;
var doubleQuoted = /"(?:[^"\\]|\\.)*"/gs;
function needsShell(line) {
  const expanded = line.replace(singleQuoted, "");
  return expansion.test(expanded) || shellSyntax.test(expanded.replace(doubleQuoted, ""));
}
var lexeme = /\s+|"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:[^\s"'\\]|\\.)+)/gs;
function wordsOf(line) {
  const words = [];
  let inWord = false;
  let end = 0;
  for (const { 0: all, 1: double, 2: single, 3: bare, index } of line.matchAll(lexeme)) {
    if (index !== end) return void 0;
    end += all.length;
    const piece = single ?? (double ?? bare)?.replace(/\\(.)/gs, "$1");
    if (piece === void 0) inWord = false;
    else if (inWord) words.push(words.pop() + piece);
    else words.push(piece);
    inWord = piece !== void 0;
  }
  return end === line.length ? words : void 0;
}
var plainWord = /^(?!(?:true|false|null|True|False|Null|TRUE|FALSE|NULL)$)-{0,2}[A-Za-z/][\w./+=-]*$/;
var yamlWord = (word) => plainWord.test(word) ? word : JSON.stringify(word);
function asList(line) {
  const words = wordsOf(line) ?? [line];
  return shortened(`[${words.map(yamlWord).join(", ")}]`);
}
var asCommand = (line) => needsShell(line) ? shortened(`[sh, -c, ${JSON.stringify(line)}]`) : asList(line);

export {
  yamlWord,
  asList,
  asCommand
};
//# sourceMappingURL=chunk-FAP3I5KO.js.map
