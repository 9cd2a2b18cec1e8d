import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  blobPath,
  mediaTypes
} from "./chunk-GEL24WUJ.js";
import {
  readProcessConfig
} from "./chunk-JBYZ7QPS.js";
import {
  openLayout,
  readJsonObject,
  refuseImage
} from "./chunk-6O7GCZRG.js";
import {
  isRecord
} from "./chunk-IIMGXTQ4.js";
import {
  platformNames,
  platforms
} from "./chunk-7K5WTWOY.js";
import {
  MkbaseError,
  interrupted,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/image/read-image.ts
var largestJson = 4 * 1024 * 1024;
var readJson = (part, source, what) => readJsonObject(part, largestJson, (why) => refuseImage(source, `its ${what} ${why}`));
function readDescriptor(value, mediaType, source) {
  if (!isRecord(value)) return refuseImage(source, "a descriptor is no object");
  const { digest, size } = value;
  if (value.mediaType !== mediaType) {
    refuseImage(source, `expected ${mediaType}, found ${value.mediaType}`);
  }
  if (typeof digest !== "string" || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    return refuseImage(source, `${JSON.stringify(digest)} is no sha256 digest`);
  }
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    return refuseImage(source, `${JSON.stringify(size)} is no size`);
  }
  return { mediaType, digest, size };
}
async function findBlob(locate, { digest, size }, source) {
  const part = await locate(blobPath(digest));
  if (part === void 0) return refuseImage(source, `it has no blob ${digest}`);
  if (part.sha256 === digest && part.size === size) return part;
  throw new MkbaseError({
    code: "IMAGE_MISMATCH",
    message: `A blob of ${source} is not what its name says.
claimed:  ${digest}, ${size} bytes
computed: ${part.sha256}, ${part.size} bytes`,
    hint: "Something changed the file after it was written; build or copy it again."
  });
}
async function manifestDescriptor(locate, source) {
  const part = await locate("index.json");
  if (part === void 0) return refuseImage(source, "it has no index.json");
  const { manifests } = await readJson(part, source, "index");
  if (!Array.isArray(manifests)) return refuseImage(source, "its index lists no manifests");
  const found = manifests.map((each) => readDescriptor(each, mediaTypes.manifest, source));
  const [first] = found;
  if (first !== void 0 && found.every(({ digest }) => digest === first.digest)) return first;
  return refuseImage(source, `it holds ${found.length === 0 ? "no image" : "several images"}`);
}
function readPlatform({ os, architecture }, source) {
  const fits = (name2) => platforms[name2].ociArchitecture === architecture;
  const name = os === "linux" ? platformNames.find(fits) : void 0;
  return name ?? refuseImage(source, `it is for ${os}/${architecture}`);
}
function readManifest({ config, layers }, source) {
  if (!Array.isArray(layers) || layers.length !== 1) {
    return refuseImage(source, "it has not exactly one layer");
  }
  return {
    layer: readDescriptor(layers[0], mediaTypes.layer, source),
    config: readDescriptor(config, mediaTypes.config, source)
  };
}
async function readLayout(locate, source) {
  const top = await manifestDescriptor(locate, source);
  const manifest = await readJson(await findBlob(locate, top, source), source, "manifest");
  const { layer, config } = readManifest(manifest, source);
  const settings = await readJson(await findBlob(locate, config, source), source, "config");
  const { rootfs } = settings;
  const diffIds = isRecord(rootfs) ? rootfs.diff_ids : void 0;
  if (!Array.isArray(diffIds) || diffIds.length !== 1 || diffIds[0] !== layer.digest) {
    refuseImage(source, `its config names other layers than ${layer.digest}`);
  }
  return {
    platform: readPlatform(settings, source),
    manifestDigest: top.digest,
    configDigest: config.digest,
    config: readProcessConfig(settings, source),
    layer: await findBlob(locate, layer, source)
  };
}
async function readImage(path, io) {
  try {
    return await readLayout(await openLayout(path, io.signal), path);
  } catch (error) {
    throw io.signal.aborted ? interrupted(io.signal) : ioError(error, "reading", path);
  }
}

export {
  readImage
};
//# sourceMappingURL=chunk-2SRNXG5E.js.map
