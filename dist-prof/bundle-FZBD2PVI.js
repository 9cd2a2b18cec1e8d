import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  buildRequest
} from "./chunk-6Z3OTZ5N.js";
import {
  withProgress
} from "./chunk-QTIFZ2VQ.js";
import "./chunk-DTLAQ5I7.js";
import "./chunk-KYNFMTBK.js";
import {
  shortPath
} from "./chunk-QN74KDTT.js";
import "./chunk-U3K5IKVG.js";
import {
  atItsLine,
  currentLock,
  fetchInputs,
  keepLock,
  openBuild
} from "./chunk-W5A4SKVY.js";
import {
  builderFor,
  inStage
} from "./chunk-ABPX4GXP.js";
import "./chunk-B44ZKUT4.js";
import {
  formatBytes,
  plural
} from "./chunk-Z5B43JE3.js";
import "./chunk-GCOBUJDJ.js";
import "./chunk-WZWFXZVQ.js";
import {
  wantedByToolchain,
  wantedOf
} from "./chunk-E4W5ZIBO.js";
import {
  invocationOf
} from "./chunk-ZCDY3XV2.js";
import "./chunk-6WVFUWIS.js";
import "./chunk-E6FI3J5L.js";
import "./chunk-KMI6PUJK.js";
import "./chunk-EGW7ROHF.js";
import "./chunk-WIJQ7ZD6.js";
import "./chunk-Z5JDSP4X.js";
import "./chunk-KLTWRJAM.js";
import "./chunk-I6MMUKOT.js";
import {
  writeBundle
} from "./chunk-PDDVQBQY.js";
import "./chunk-DHOFLFI6.js";
import "./chunk-EM7UWJGH.js";
import {
  blobsOf,
  inputSets
} from "./chunk-EF5IBACH.js";
import {
  kindOf,
  sourceOf
} from "./chunk-KN3M32LU.js";
import "./chunk-IKDWQ62H.js";
import "./chunk-PSUK6IL3.js";
import "./chunk-6OPODO3C.js";
import "./chunk-XTZ2QZAO.js";
import "./chunk-U563K2LX.js";
import "./chunk-FAP3I5KO.js";
import "./chunk-VOFVSU25.js";
import "./chunk-CGY25BUW.js";
import "./chunk-NMZX4AIR.js";
import "./chunk-KE4MIFPR.js";
import "./chunk-7SZXV43M.js";
import "./chunk-GDNANFYT.js";
import "./chunk-GIRTM4PW.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-PT3SHOUE.js";
import "./chunk-IHKPDGEV.js";
import "./chunk-IQA7OYSC.js";
import "./chunk-GEL24WUJ.js";
import "./chunk-FGYWVWTF.js";
import "./chunk-IIMGXTQ4.js";
import "./chunk-KU2VIPS7.js";
import "./chunk-4IXO52BR.js";
import {
  platforms
} from "./chunk-7K5WTWOY.js";
import "./chunk-VP6DARGB.js";
import "./chunk-SYJABGWK.js";
import "./chunk-67ZVI5OU.js";
import "./chunk-22XNJDHL.js";
import "./chunk-EQKYACEH.js";
import "./chunk-5ODDAH7M.js";
import "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/bundle.ts
import { resolve } from "node:path";

// src/pipeline/inputs/bundle-inputs.ts
async function indexFiles({ plan: { recipe, toolchain, platform }, sources }, lock, io) {
  const own = await kindOf(recipe.from).load();
  const wanted = wantedOf(recipe, platforms[platform]);
  const found = [...await own.indexFiles(wanted, sourceOf(lock.from), sources.image, io)];
  if (toolchain === void 0 || lock.toolchain === void 0) return found;
  const builders = await kindOf(toolchain.from).load();
  const locked = sourceOf(lock.toolchain.from);
  const ask = wantedByToolchain(toolchain, platforms[platform]);
  return [...found, ...await builders.indexFiles(ask, locked, sources.builder, io)];
}
async function bundled(open, lock, io) {
  const sets = inputSets(lock);
  const signatures = sets.flatMap(
    ({ indexes }) => indexes.filter(({ role }) => role === "signature").map(({ sha256 }) => sha256)
  );
  const absent = /* @__PURE__ */ new Set();
  for (const sha256 of signatures) if (!await open.store.verify(sha256, io)) absent.add(sha256);
  const all = [...blobsOf(sets), ...await indexFiles(open, lock, io)];
  const present = all.filter(({ sha256 }) => !absent.has(sha256));
  return [...new Map(present.map((blob) => [blob.sha256, blob])).values()];
}
async function bundleInputs(request, dest, invocation, io) {
  const open = await openBuild(request, invocation, io);
  const { plan, sources, store } = open;
  try {
    const options = { frozen: request.frozen === true, fresh: false };
    const lock = await currentLock(open, options, io);
    const { toolchain, platform } = plan;
    const builder = toolchain && lock.toolchain && await builderFor(toolchain, lock.toolchain, platform);
    await fetchInputs(plan, lock, builder, sources, io);
    await keepLock(plan, lock, io);
    const inputs = await bundled(open, lock, io);
    const size = await inStage(
      io,
      "image",
      "Writing the bundle",
      () => writeBundle(lock, inputs, dest, store, io),
      () => dest
    );
    return { file: dest, inputs: inputs.length, size };
  } catch (error) {
    throw await atItsLine(error, plan.recipe, invocation.cwd);
  } finally {
    await open.dispose();
  }
}

// src/commands/bundle.ts
async function bundle(recipe, options, context) {
  const { outputFile, ...build } = options;
  const request = await buildRequest(recipe, build, context.cwd);
  const work = async (io) => {
    const dest = resolve(context.cwd, outputFile);
    const bundled2 = await bundleInputs(request, dest, invocationOf(context), io);
    if (options.json) return `${JSON.stringify(bundled2)}
`;
    const { inputs, size, file } = bundled2;
    const shown = shortPath(file, context.cwd);
    return [
      `Wrote ${plural(inputs, "input")}, ${formatBytes(size)}, to ${shown}`,
      "",
      `next     mkbase build ${recipe} --inputs ${shown} --offline`,
      ""
    ].join("\n");
  };
  return withProgress(options.progress, recipe, work, context);
}
export {
  bundle
};
//# sourceMappingURL=bundle-FZBD2PVI.js.map
