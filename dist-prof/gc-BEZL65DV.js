import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  writeWarning
} from "./chunk-DTLAQ5I7.js";
import "./chunk-QN74KDTT.js";
import "./chunk-U3K5IKVG.js";
import {
  formatBytes,
  plural
} from "./chunk-Z5B43JE3.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/gc.ts
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
var cached = ["blobs", "partial", "builds", "node"];
async function collectEngines(engines, all, now, io) {
  const lines = [];
  for (const engine of engines) {
    const leftovers = await engine.removeLeftovers(now, io);
    const toolchains = all ? await engine.removeToolchains(/* @__PURE__ */ new Set(), io) : [];
    lines.push(...countLines(engine.name, leftovers), ...countLines(engine.name, toolchains));
  }
  return lines;
}
function countLines(engine, leftovers) {
  const kinds = [...new Set(leftovers.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const count = leftovers.filter((leftover) => leftover.kind === kind).length;
    return `Removed ${plural(count, kind)} of ${engine}.`;
  });
}
async function collectFiles(cache, all, now, io) {
  const [{ sweepWorkspaces }, { removeTree }] = await Promise.all([
    import("./workspace-XSTBHEBJ.js"),
    import("./remove-tree-KVO2DWWX.js")
  ]);
  const swept = await sweepWorkspaces(join(cache, "tmp"), now, io);
  if (all) for (const name of cached) await removeTree(join(cache, name));
  return swept.length > 0 ? [`Removed ${plural(swept.length, "temporary folder")}.`] : [];
}
var blockSize = 512;
async function sizeOf(path, entry) {
  if (entry.isDirectory()) return folderSize(path);
  const stat = await lstat(path).catch(() => void 0);
  return stat === void 0 ? 0 : stat.blocks * blockSize;
}
async function folderSize(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  let total = 0;
  for (const entry of entries) total += await sizeOf(join(folder, entry.name), entry);
  return total;
}
async function gc(options, context) {
  const all = options.all === true;
  const { env, stdout, signal } = context;
  const now = new Date(context.clock());
  const [{ probeEngines }, { cacheFolder }] = await Promise.all([
    import("./choose-K54LTDF5.js"),
    import("./cache-folder-ZXWVIMIO.js")
  ]);
  const cache = cacheFolder(env);
  const io = {
    emit: (event) => {
      if (event.type === "warning") writeWarning(context.stderr, env, event.warning);
    },
    signal
  };
  const probes = await probeEngines(cache, io);
  const engines = probes.flatMap((probe) => probe.ok ? [probe.engine] : []);
  const before = await folderSize(cache);
  const lines = [
    ...await collectEngines(engines, all, now, io),
    ...await collectFiles(cache, all, now, io)
  ];
  const freed = before - await folderSize(cache);
  if (freed > 0) lines.push(`Freed ${formatBytes(freed)} in ${cache}.`);
  stdout.write(lines.length === 0 ? "Nothing to remove.\n" : `${lines.join("\n")}
`);
  return 0;
}
export {
  gc
};
//# sourceMappingURL=gc-BEZL65DV.js.map
