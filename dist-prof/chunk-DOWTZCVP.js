import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  decompress
} from "./chunk-R3GKPU3X.js";
import {
  refuseFolder,
  stagedFile
} from "./chunk-DPGFT6OB.js";
import {
  digestOfStream
} from "./chunk-6O7GCZRG.js";
import {
  layerBytes
} from "./chunk-M7UJ6QGN.js";
import {
  writeNewFile
} from "./chunk-VP6DARGB.js";
import {
  stage
} from "./chunk-SYJABGWK.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/outputs/rootfs/stage-rootfs.ts
import { createReadStream } from "node:fs";

// src/image/compress/compress.ts
var chunkSize = 64 * 1024;
var gzipLevel = 6;
var zstdLevel = 6;
async function* evenChunks(source) {
  const chunk = new Uint8Array(chunkSize);
  let used = 0;
  for await (const bytes of source) {
    for (let taken = 0; taken < bytes.length; ) {
      const part = bytes.subarray(taken, taken + chunkSize - used);
      chunk.set(part, used);
      taken += part.length;
      used += part.length;
      if (used < chunkSize) continue;
      yield chunk;
      used = 0;
    }
  }
  if (used > 0) yield chunk.subarray(0, used);
}
async function* gzip(source) {
  const { Gzip } = await import("./esm-KRQ2IA2P.js");
  let ready = [];
  const encoder = new Gzip({ level: gzipLevel, mtime: 0 }, (bytes) => ready.push(bytes));
  for await (const chunk of evenChunks(source)) {
    encoder.push(chunk.slice());
    yield* ready;
    ready = [];
  }
  encoder.push(new Uint8Array(0), true);
  yield* ready;
}
async function* zstd(source) {
  const { Zstd } = await import("./dist-AK6KKMD2.js");
  const encoder = await Zstd.load();
  try {
    encoder.reset();
    encoder.setCompressionLevel(zstdLevel);
    for await (const chunk of evenChunks(source)) yield encoder.compressChunk(chunk);
    yield encoder.compressEnd();
  } finally {
    await Zstd.unload();
  }
}
var compressors = {
  none: async () => (source) => source,
  gzip: async () => gzip,
  zstd: async () => zstd,
  xz: async () => (await import("./xz-NH2YRTUA.js")).xz
};
async function* compress(source, compression) {
  const compressor = await compressors[compression]();
  yield* compressor(source);
}

// src/outputs/rootfs/stage-rootfs.ts
var formats = { gzip: "gz", zstd: "zst", xz: "xz" };
async function checkUnpacked(path, compression, { diffId, size }, { signal }) {
  const limits = { maxBytes: size, maxRatio: Number.POSITIVE_INFINITY, what: path, signal };
  const bytes = decompress(createReadStream(path), formats[compression], limits);
  const found = await digestOfStream(bytes).catch((error) => {
    if (error instanceof MkbaseError && error.code === "ARCHIVE_REFUSED") return error.message;
    throw error;
  });
  if (found === diffId) return;
  throw new MkbaseError({
    code: "IMAGE_MISMATCH",
    message: `What was compressed with ${compression} does not unpack to the root filesystem again: expected ${diffId}, found ${found}.`,
    hint: "Run the same command again; if it happens again, test the disk and the memory."
  });
}
async function* bytesWithProgress(rootfs, { emit }) {
  let done = 0;
  for await (const chunk of layerBytes(rootfs)) {
    yield chunk;
    done += chunk.length;
    emit({ type: "progress", stage: "image", done, total: rootfs.size });
  }
}
async function writeRootfs(path, rootfs, compression, io) {
  await writeNewFile(path, compress(bytesWithProgress(rootfs, io), compression), io.signal);
  if (compression !== "none") await checkUnpacked(path, compression, rootfs, io);
}
async function stageRootfs({ rootfs }, request, dest, compression, io) {
  await refuseFolder(dest);
  const staged = await stage(dest, "file", (path) => writeRootfs(path, rootfs, compression, io));
  return stagedFile(request, dest, staged);
}

export {
  writeRootfs,
  stageRootfs
};
//# sourceMappingURL=chunk-DOWTZCVP.js.map
