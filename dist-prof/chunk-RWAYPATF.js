import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  bundleTypes,
  titleAnnotation
} from "./chunk-PDDVQBQY.js";
import {
  parseLock
} from "./chunk-DHOFLFI6.js";
import {
  blobPath,
  mediaTypes
} from "./chunk-GEL24WUJ.js";
import {
  openLayout,
  readJsonObject
} from "./chunk-6O7GCZRG.js";
import {
  isRecord
} from "./chunk-IIMGXTQ4.js";
import {
  MkbaseError,
  interrupted,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/lock/bundle/read.ts
import { createReadStream } from "node:fs";
var largestDocument = 64 * 1024 ** 2;
function refuse(file, why, cause) {
  throw new MkbaseError({
    code: "SOURCE_CORRUPT",
    message: `${file} is not a whole bundle of inputs: ${why}.`,
    hint: "Copy it again from where it was made, or make it anew with `mkbase bundle`.",
    cause
  });
}
function bytesOf({ file, offset, size }) {
  if (size === 0) return createReadStream("/dev/null");
  return createReadStream(file, { start: offset, end: offset + size - 1 });
}
async function textOf(part, source, what) {
  if (part.size > largestDocument) refuse(source, `its ${what} has ${part.size} bytes`);
  const chunks = [];
  for await (const chunk of bytesOf(part)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
var jsonOf = (part, source, what) => readJsonObject(
  part,
  largestDocument,
  (why, cause) => refuse(source, `its ${what} ${why}`, cause)
);
async function blobOf(locate, descriptor, source, what) {
  const digest = isRecord(descriptor) ? descriptor.digest : void 0;
  if (typeof digest !== "string" || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    return refuse(source, `its ${what} is named by no sha256 digest`);
  }
  const part = await locate(blobPath(digest));
  if (part === void 0) return refuse(source, `it lacks its ${what}, ${digest}`);
  if (part.sha256 !== digest) {
    refuse(source, `its ${what} was changed: expected ${digest}, computed ${part.sha256}`);
  }
  return part;
}
var titleOf = (layer) => {
  const annotations = isRecord(layer) ? layer.annotations : void 0;
  const title = isRecord(annotations) ? annotations[titleAnnotation] : void 0;
  return typeof title === "string" && /^[^\p{Cc}]{1,200}$/u.test(title) ? title : "input";
};
async function takeInputs(file, store, io) {
  const locate = await openLayout(file, io.signal);
  const index = await locate("index.json");
  if (index === void 0) return refuse(file, "it holds no index.json");
  const { manifests } = await jsonOf(index, file, "index");
  if (!Array.isArray(manifests) || manifests.length !== 1) {
    return refuse(file, "its index names not exactly one manifest");
  }
  const top = await blobOf(locate, manifests[0], file, "manifest");
  const manifest = await jsonOf(top, file, "manifest");
  if (manifest.mediaType !== mediaTypes.manifest || manifest.artifactType !== bundleTypes.artifact) {
    return refuse(file, `it holds ${String(manifest.artifactType ?? manifest.mediaType)}`);
  }
  const config = await blobOf(locate, manifest.config, file, "lock");
  const lock = parseLock(await textOf(config, file, "lock"), `the lock in ${file}`);
  const layers = Array.isArray(manifest.layers) ? manifest.layers : [];
  for (const layer of layers) {
    const part = await blobOf(locate, layer, file, titleOf(layer));
    await store.write(bytesOf(part), part.sha256.replace("sha256:", ""));
    if (io.signal.aborted) throw interrupted(io.signal);
  }
  return lock;
}
async function takeBundle(file, store, io) {
  try {
    return await takeInputs(file, store, io);
  } catch (error) {
    throw io.signal.aborted ? interrupted(io.signal) : ioError(error, "reading", file);
  }
}

export {
  takeBundle
};
//# sourceMappingURL=chunk-RWAYPATF.js.map
