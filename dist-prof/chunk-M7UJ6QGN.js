import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  writeNewFile
} from "./chunk-VP6DARGB.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/image/layer.ts
import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
var chunkSize = 1024 * 1024;
async function* bytesOf({ file, offset, size }) {
  const handle = await open(file);
  const memory = new Uint8Array(chunkSize);
  const end = offset + size;
  try {
    for (let at = offset; at < end; ) {
      const { bytesRead } = await handle.read(memory, 0, Math.min(chunkSize, end - at), at);
      if (bytesRead === 0) return;
      yield memory.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
async function* checkedBytes(part) {
  const hash = createHash("sha256");
  for await (const chunk of bytesOf(part)) {
    hash.update(chunk);
    yield chunk;
  }
  const found = `sha256:${hash.digest("hex")}`;
  if (found === part.sha256) return;
  throw new MkbaseError({
    code: "IMAGE_MISMATCH",
    message: `${part.file} changed after it was hashed: expected ${part.sha256}, found ${found}.`,
    hint: "Run the same command again; if it happens again, test the disk and the memory."
  });
}
var layerBytes = ({ tar, diffId, size }) => checkedBytes({ file: tar, offset: 0, size, sha256: diffId });
async function extractLayer(layer, dest, io) {
  try {
    await writeNewFile(dest, checkedBytes(layer), io.signal);
  } catch (error) {
    await rm(dest, { force: true });
    throw ioError(error, "writing", dest);
  }
}

export {
  layerBytes,
  extractLayer
};
//# sourceMappingURL=chunk-M7UJ6QGN.js.map
