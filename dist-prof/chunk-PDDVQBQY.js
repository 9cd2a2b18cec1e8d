import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  lockText
} from "./chunk-DHOFLFI6.js";
import {
  writeTar
} from "./chunk-PT3SHOUE.js";
import {
  blobPath,
  describe,
  jsonBlob,
  mediaTypes,
  sha256
} from "./chunk-GEL24WUJ.js";
import {
  toByteString
} from "./chunk-KU2VIPS7.js";
import {
  writeNewFile
} from "./chunk-VP6DARGB.js";
import {
  stage
} from "./chunk-SYJABGWK.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/lock/bundle/write.ts
import { stat } from "node:fs/promises";
var bundleTypes = {
  artifact: "application/vnd.mkbase.inputs.v1",
  lock: "application/vnd.mkbase.lock.v2+json",
  input: "application/octet-stream"
};
var titleAnnotation = "org.opencontainers.image.title";
async function stored(inputs, store, io) {
  const found = [];
  for (const input of inputs) {
    if (!await store.verify(input.sha256, io)) throw notStored(input);
    const file = store.pathOf(input.sha256);
    found.push({ ...input, file, size: (await stat(file)).size });
  }
  return found.sort((a, b) => a.sha256 < b.sha256 ? -1 : 1);
}
var notStored = ({ name }) => new MkbaseError({
  code: "SOURCE_CORRUPT",
  message: `The store does not hold ${name}, which the lock names.`,
  hint: "Pin anew with `mkbase update`; a lock that another cache made knows indexes that this one never saw."
});
function manifestOf(lock, inputs) {
  return jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: bundleTypes.artifact,
    config: describe(lock),
    layers: inputs.map(({ sha256: digest, size, name }) => ({
      mediaType: bundleTypes.input,
      digest: `sha256:${digest}`,
      size,
      annotations: { [titleAnnotation]: name }
    }))
  });
}
var common = { mode: 420, uid: 0, gid: 0, mtime: 0, xattrs: [] };
var fileEntry = (path, size, content) => ({
  ...common,
  type: "file",
  path: toByteString(path),
  size,
  content
});
var inMemory = (path, bytes) => fileEntry(path, bytes.length, { bytes });
function entriesOf(lock, inputs) {
  const bytes = Buffer.from(lockText(lock));
  const config = { mediaType: bundleTypes.lock, digest: sha256(bytes), bytes };
  const manifest = manifestOf(config, inputs);
  const index = jsonBlob(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [{ ...describe(manifest), artifactType: bundleTypes.artifact }]
  });
  return [
    // These come first, so that a reader knows what the rest is.
    inMemory("oci-layout", Buffer.from('{"imageLayoutVersion":"1.0.0"}')),
    inMemory("index.json", index.bytes),
    ...[manifest, config].map((blob) => inMemory(blobPath(blob.digest), blob.bytes)),
    ...inputs.map(
      ({ sha256: digest, file, size }) => fileEntry(blobPath(`sha256:${digest}`), size, { file, offset: 0, size })
    )
  ];
}
async function writeBundle(lock, inputs, dest, store, io) {
  const entries = entriesOf(lock, await stored(inputs, store, io));
  const staged = await stage(
    dest,
    "file",
    (path) => writeNewFile(path, writeTar(entries, { reuseMemory: true }), io.signal)
  );
  try {
    await staged.commit();
  } finally {
    await staged.discard();
  }
  return (await stat(dest)).size;
}

export {
  bundleTypes,
  titleAnnotation,
  writeBundle
};
//# sourceMappingURL=chunk-PDDVQBQY.js.map
