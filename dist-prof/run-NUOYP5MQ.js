import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  buildRequest
} from "./chunk-6Z3OTZ5N.js";
import {
  withUi
} from "./chunk-QTIFZ2VQ.js";
import "./chunk-DTLAQ5I7.js";
import "./chunk-KYNFMTBK.js";
import "./chunk-QN74KDTT.js";
import "./chunk-U3K5IKVG.js";
import "./chunk-Z5B43JE3.js";
import {
  outputOf
} from "./chunk-GCOBUJDJ.js";
import "./chunk-WZWFXZVQ.js";
import {
  invocationOf
} from "./chunk-ZCDY3XV2.js";
import "./chunk-E6FI3J5L.js";
import "./chunk-6OPODO3C.js";
import "./chunk-GIRTM4PW.js";
import "./chunk-K3BCUTJR.js";
import "./chunk-FQX564X7.js";
import "./chunk-7K5WTWOY.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";
import "./chunk-UUGQRNDH.js";

// src/commands/run.ts
import { join } from "node:path";
async function unpack(archive, cacheFolder, io) {
  const [{ readImage }, { extractLayer }, { openWorkspace }] = await Promise.all([
    import("./read-image-32YNE3ZM.js"),
    import("./layer-AI5H227Z.js"),
    import("./workspace-XSTBHEBJ.js")
  ]);
  const { layer, config, platform } = await readImage(archive, io);
  const workspace = await openWorkspace(join(cacheFolder, "tmp"));
  const tar = join(workspace.folder, "rootfs.tar");
  try {
    await extractLayer(layer, tar, io);
  } catch (error) {
    await workspace.dispose();
    throw error;
  }
  return { image: { kind: "tar", tar, config, platform }, dispose: () => workspace.dispose() };
}
async function prepareImage(result, cacheFolder, io) {
  const { imageId, platform, outputs, recipe } = result;
  if (imageId !== null) {
    return { image: { kind: "stored", id: imageId, platform }, dispose: async () => {
    } };
  }
  const archive = outputs.find((each) => outputOf(each).holdsImage);
  if (archive !== void 0) return unpack(archive.dest, cacheFolder, io);
  throw new MkbaseError({
    code: "INTERNAL",
    message: `The build of ${recipe} left neither a stored image nor an OCI archive to run.`
  });
}
async function runImage(result, args, { env }, io) {
  const [{ chooseEngine }, { cacheFolder }] = await Promise.all([
    import("./choose-K54LTDF5.js"),
    import("./cache-folder-ZXWVIMIO.js")
  ]);
  const cache = cacheFolder(env);
  const engine = await chooseEngine(result.engine, cache, io);
  const { image, dispose } = await prepareImage(result, cache, io);
  try {
    const streams = { stdio: "inherit", network: "default" };
    const options = args.length === 0 ? streams : { ...streams, args };
    return (await engine.runImage(image, options, io)).exitCode;
  } finally {
    await dispose();
  }
}
async function run(recipe, args, options, context) {
  const request = await buildRequest(recipe, options, context.cwd);
  const progress = options.quiet ? "none" : options.progress;
  return withUi({ progress, result: "none", recipe }, context, async (ui, io) => {
    const { buildImage } = await import("./build-image-FI772242.js");
    const result = await buildImage(request, invocationOf(context), io);
    await ui.finish(result);
    return runImage(result, args, context, { emit: () => {
    }, signal: io.signal });
  });
}
export {
  run
};
//# sourceMappingURL=run-NUOYP5MQ.js.map
