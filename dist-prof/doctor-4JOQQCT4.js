import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  facts
} from "./chunk-KYNFMTBK.js";
import {
  oneLine,
  wrap
} from "./chunk-QN74KDTT.js";
import {
  columnsOf,
  paletteOf
} from "./chunk-U3K5IKVG.js";
import {
  formatBytes
} from "./chunk-Z5B43JE3.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import {
  hostPlatform
} from "./chunk-7K5WTWOY.js";
import {
  exitCodes
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/doctor.ts
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
async function freeSpace(folder) {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return freeSpace(dirname(folder));
  }
}
var enoughSpace = 2e9;
async function rangeRefusal(probes) {
  if (!probes.some(({ name, ok }) => name === "namespace" && ok)) return void 0;
  return (await import("./ids-LKUBKGQI.js")).idRangeRefusal();
}
function engineFacts(probes, noRange, { stdout, env }) {
  const palette = paletteOf(stdout, env);
  const width = columnsOf(stdout) - "namespace".length - 2;
  const chosen = probes.find(({ ok }) => ok);
  return probes.map((probe) => {
    if (probe.ok) {
      const mark = probe === chosen ? ", what --engine auto takes" : "";
      const works = `${palette.green("works")}: ${oneLine(probe.engine.description)}${mark}`;
      if (probe.name !== "namespace" || noRange === void 0) return [probe.name, works];
      const but = `but not for root filesystems with several users: ${oneLine(noRange.reason)}`;
      return [probe.name, [works, ...wrap(but, width), ...wrap(oneLine(noRange.cure), width)]];
    }
    const [first = "", ...more] = wrap(`cannot: ${oneLine(probe.reason)}`, width);
    const colored = first.replace("cannot", palette.red("cannot"));
    return [probe.name, [colored, ...more, ...wrap(oneLine(probe.cure), width)]];
  });
}
async function mirrorLines(flag, context) {
  const { env } = context;
  const [{ debianMirrors }, { readAptSources }, { showUrl }] = await Promise.all([
    import("./mirrors-JPBZWPFN.js"),
    import("./apt-sources-U3XQFDGT.js"),
    import("./show-url-SB2RON6V.js")
  ]);
  const mirrors = debianMirrors({ flag, env, aptSources: await readAptSources() });
  return [showUrl(mirrors.main), `${showUrl(mirrors.security)} (security)`];
}
async function doctor(options, context) {
  const { stdout, env, signal } = context;
  const [{ probeEngines }, { cacheFolder }] = await Promise.all([
    import("./choose-K54LTDF5.js"),
    import("./cache-folder-ZXWVIMIO.js")
  ]);
  const cache = cacheFolder(env);
  const io = { emit: () => {
  }, signal };
  const probes = await probeEngines(cache, io);
  const free = await freeSpace(cache);
  const palette = paletteOf(stdout, env);
  const scarce = free < enoughSpace ? palette.yellow(" (a first build may need 2 GB)") : "";
  const rows = [
    ...engineFacts(probes, await rangeRefusal(probes), context),
    ["node", `${process.version} for ${hostPlatform().name}`],
    ["cache", `${cache}, ${formatBytes(free)} free${scarce}`],
    ["mirror", await mirrorLines(options.mirror, context)]
  ];
  stdout.write(`${facts(rows, palette).join("\n")}
`);
  return probes.some(({ ok }) => ok) ? 0 : exitCodes.NO_ENGINE;
}
export {
  doctor
};
//# sourceMappingURL=doctor-4JOQQCT4.js.map
