import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/ui/screen.ts
import { styleText } from "node:util";
var defaultColumns = 80;
var mostColumns = 120;
function columnsOf(screen) {
  return Math.min(screen.columns || defaultColumns, mostColumns);
}
var styles = ["bold", "dim", "red", "green", "yellow", "cyan"];
var isSet = (value) => value !== void 0 && value !== "";
function wantsColor(env, isTTY) {
  if (isSet(env.NO_COLOR)) return false;
  if (isSet(env.FORCE_COLOR)) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  return isTTY && env.TERM !== "dumb";
}
function createPalette(color) {
  const styled = (style) => (text) => text === "" || !color ? text : styleText(style, text, { validateStream: false });
  return Object.fromEntries(styles.map((style) => [style, styled(style)]));
}
var paletteOf = (screen, env) => createPalette(wantsColor(env, screen.isTTY === true));

export {
  columnsOf,
  paletteOf
};
//# sourceMappingURL=chunk-U3K5IKVG.js.map
