import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  columnsOf,
  paletteOf
} from "./chunk-U3K5IKVG.js";
import {
  exitCodes
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/diff.ts
async function render(report, { json, markdown }, { stdout, env }) {
  if (json) return (await import("./json-F6UQRDVB.js")).diffJson(report);
  if (markdown) return (await import("./markdown-TQEJP7YF.js")).diffMarkdown(report);
  const { diffText } = await import("./text-SI3JC4LJ.js");
  return diffText(report, { columns: columnsOf(stdout), palette: paletteOf(stdout, env) });
}
async function diff(one, other, options, context) {
  const { stdout, signal } = context;
  const io = { emit: () => {
  }, signal };
  const [{ openSide }, { readSide }, { diff: compare, isSame }] = await Promise.all([
    import("./side-request-MM7D4MZV.js"),
    import("./side-6RTRWEPH.js"),
    import("./diff-X3VCW24H.js")
  ]);
  const opened = [];
  try {
    for (const word of [one, other]) opened.push(await openSide(word, options, context, io));
    const [a, b] = [await readSide(opened[0], signal), await readSide(opened[1], signal)];
    const report = await compare(a, b);
    stdout.write(await render(report, options, context));
    return isSame(report) ? 0 : exitCodes.MISMATCH;
  } finally {
    for (const each of opened) await each.dispose();
  }
}
export {
  diff
};
//# sourceMappingURL=diff-B3LIF6BU.js.map
