import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  toChanges,
  unknownInstruction
} from "./chunk-GAY42F37.js";
import {
  platforms
} from "./chunk-7K5WTWOY.js";
import {
  cleanupIo,
  quietly
} from "./chunk-EQKYACEH.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/outputs/image-store/import-image.ts
import { createReadStream } from "node:fs";
import { isDeepStrictEqual } from "node:util";
function mismatch(what, expected, found) {
  return new MkbaseError({
    code: "IMAGE_MISMATCH",
    message: `The engine stored another image than it was given.
${what} expected: ${JSON.stringify(expected)}
${what} found:    ${JSON.stringify(found)}`,
    hint: "Nothing was tagged. See whether the engine was restarted or is out of space, then run the same command again."
  });
}
function checkLayers(stored, image) {
  if (stored === void 0) throw mismatch("image", "present", "absent");
  const expected = [image.rootfs.diffId];
  if (isDeepStrictEqual([...stored.diffIds], expected)) return stored;
  throw mismatch("layers", expected, stored.diffIds);
}
var rewritten = /* @__PURE__ */ new Set(["StopSignal"]);
function checkConfig({ config }, image) {
  if (config === void 0) return;
  for (const [key, value] of Object.entries(image.settings)) {
    if (rewritten.has(key) || isDeepStrictEqual(config[key], value)) continue;
    throw mismatch(key, value, config[key]);
  }
}
function checkPlatform({ architecture }, { platform }) {
  const expected = platforms[platform].ociArchitecture;
  if (architecture === void 0 || architecture === expected) return;
  throw new MkbaseError({
    code: "ENGINE_FAILED",
    message: `The engine imports an image for ${expected} as one for ${architecture}.`,
    hint: "Use --output type=docker, which loads the image with its config as it is."
  });
}
var discardImage = (imageId, store, io) => quietly(store.removeUntagged(imageId, cleanupIo(io)));
function explain(error) {
  if (!(error instanceof MkbaseError)) return error;
  const word = /(\w+) is not a valid change command/.exec(error.message)?.[1];
  return word === void 0 ? error : unknownInstruction(word.toUpperCase(), error);
}
async function importImage(image, store, io) {
  const changes = toChanges(
    image.settings,
    store.importInstructions,
    store.importQuoting ?? "escaped"
  );
  const tar = createReadStream(image.rootfs.tar, { highWaterMark: 256 * 1024 });
  const options = { changes, message: image.comment, platform: image.platform };
  const imageId = await store.importTar(tar, options, io).catch((error) => {
    throw explain(error);
  }).finally(() => tar.destroy());
  try {
    const stored = checkLayers(await store.inspect(imageId, io), image);
    checkPlatform(stored, image);
    checkConfig(stored, image);
  } catch (error) {
    await discardImage(imageId, store, io);
    throw error;
  }
  return imageId;
}
async function visitStore(image, store, use, io) {
  const { Healthcheck: _check, StopSignal: _signal, ...settings } = image.settings;
  const imageId = await importImage({ ...image, settings }, store, io);
  try {
    return await use(imageId);
  } finally {
    await discardImage(imageId, store, io);
  }
}

export {
  checkLayers,
  discardImage,
  importImage,
  visitStore
};
//# sourceMappingURL=chunk-AMKGUIUY.js.map
