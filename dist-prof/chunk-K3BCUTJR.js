import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  eastAsianWidth
} from "./chunk-FQX564X7.js";

// src/base/characters.ts
var unprintable = (
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  new RegExp("[\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufeff]|\\p{Surrogate}", "u")
);
var everyUnprintable = new RegExp(unprintable, "gu");
var codePointName = (character) => `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
var printed = (text) => text.replace(
  everyUnprintable,
  (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
);
var longest = 72;
function shortened(text) {
  if (text.length <= longest) return text;
  return `${[...text.slice(0, 2 * longest)].slice(0, longest - 1).join("")}\u2026`;
}
var quoted = (text) => printed(JSON.stringify(shortened(text)));
function shownCharacter(character) {
  if (character === "	") return "\u2192";
  return unprintable.test(character) ? "\uFFFD" : character;
}
var zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
function cellWidth(character) {
  if (character < "\u0300") return 1;
  return zeroWidth.test(character) ? 0 : eastAsianWidth(character.codePointAt(0));
}
function textWidth(text) {
  let cells = 0;
  for (const character of text) cells += cellWidth(character);
  return cells;
}

export {
  unprintable,
  codePointName,
  printed,
  shortened,
  quoted,
  shownCharacter,
  cellWidth,
  textWidth
};
//# sourceMappingURL=chunk-K3BCUTJR.js.map
