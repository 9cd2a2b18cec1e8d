import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  writeTar
} from "./chunk-PT3SHOUE.js";
import {
  refuseFolder,
  refuseOtherFolder,
  stagedFile
} from "./chunk-DPGFT6OB.js";
import {
  blobFiles,
  dockerManifest,
  layoutFiles
} from "./chunk-7GNR7Y6C.js";
import {
  readImage
} from "./chunk-2SRNXG5E.js";
import {
  blobPath
} from "./chunk-GEL24WUJ.js";
import {
  layerBytes
} from "./chunk-M7UJ6QGN.js";
import {
  writeNewFile
} from "./chunk-VP6DARGB.js";
import {
  stage,
  syncFolder
} from "./chunk-SYJABGWK.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/outputs/oci/stage-oci.ts
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

// src/outputs/oci/archive.ts
import { open, stat, truncate } from "node:fs/promises";
var header = (image, path, mode) => ({
  path,
  mode,
  uid: 0,
  gid: 0,
  mtime: image.created,
  xattrs: []
});
var folder = (image, path) => ({
  ...header(image, path, 493),
  type: "directory"
});
function layer(image) {
  const { diffId, size, tar } = image.rootfs;
  const content = { file: tar, offset: 0, size };
  return { ...header(image, blobPath(diffId), 420), type: "file", size, content };
}
var files = (image, contents) => [...contents].map(([path, bytes]) => ({
  ...header(image, path, 420),
  type: "file",
  size: bytes.length,
  content: { bytes }
}));
var byPath = (a, b) => a.path < b.path ? -1 : 1;
var nameEntries = (image, references) => files(
  image,
  new Map([...layoutFiles(image, references), ...dockerManifest(image, references)])
).sort(byPath);
function archiveEntries(image, references) {
  const folders = ["blobs", "blobs/sha256"].map((path) => folder(image, path));
  const blobs = [layer(image), ...files(image, blobFiles(image))];
  return [...folders, ...blobs.sort(byPath), ...nameEntries(image, references)];
}
async function writeArchive(path, image, references, io) {
  await writeNewFile(path, writeTar(archiveEntries(image, references)), io.signal);
  const { manifestDigest } = await readImage(path, io);
  if (manifestDigest === image.manifest.digest) return;
  throw new MkbaseError({
    code: "IMAGE_MISMATCH",
    message: `The archive holds the manifest ${manifestDigest}; expected ${image.manifest.digest}.`
  });
}
async function bytesOf(entries) {
  const chunks = [];
  for await (const chunk of writeTar(entries)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
async function renameInArchive(path, image, names) {
  const before = await bytesOf(nameEntries(image, names.from));
  const after = await bytesOf(nameEntries(image, names.to));
  const start = (await stat(path)).size - before.length;
  await truncate(path, start);
  const handle = await open(path, "a");
  try {
    await handle.writeFile(after);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

// src/outputs/oci/stage-oci.ts
async function writeLayout(root, image, references, signal) {
  const blobs = join(root, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  await writeNewFile(join(root, blobPath(image.rootfs.diffId)), layerBytes(image.rootfs), signal);
  for (const [path, bytes] of [...blobFiles(image), ...layoutFiles(image, references)]) {
    await writeNewFile(join(root, path), [bytes], signal);
  }
  await syncFolder(blobs);
  await syncFolder(root);
}
async function stageArchive(dest, image, references, io) {
  await refuseFolder(dest);
  return stage(dest, "file", (path) => writeArchive(path, image, references, io));
}
async function stageOci(image, request, dest, { references }, io) {
  if (!request.dest?.endsWith("/")) {
    return stagedFile(request, dest, await stageArchive(dest, image, references, io));
  }
  await refuseOtherFolder(dest);
  const write = (path) => writeLayout(path, image, references, io.signal);
  return stagedFile(request, dest, await stage(dest, "folder", write));
}

export {
  renameInArchive,
  stageArchive,
  stageOci
};
//# sourceMappingURL=chunk-DSI3CRHM.js.map
