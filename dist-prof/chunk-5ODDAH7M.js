import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  ioError
} from "./chunk-BYUPOKH5.js";

// src/base/hash.ts
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
var hashOfBytes = (algorithm, bytes) => createHash(algorithm).update(bytes).digest("hex");
var sha256OfBytes = (bytes) => hashOfBytes("sha256", bytes);
async function hashOfStream(algorithm, stream) {
  const hash = createHash(algorithm);
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest("hex");
}
var sha256OfStream = (stream) => hashOfStream("sha256", stream);
async function sha256OfFile(file) {
  try {
    return await sha256OfStream(createReadStream(file));
  } catch (error) {
    throw ioError(error, "reading", file);
  }
}
function hashedStream(source) {
  const hash = createHash("sha256");
  let size = 0;
  async function* pass() {
    for await (const chunk of source) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }
  return { bytes: pass(), sha256: () => hash.digest("hex"), size: () => size };
}
var isSha256 = (text) => /^[0-9a-f]{64}$/.test(text);

export {
  hashOfBytes,
  sha256OfBytes,
  hashOfStream,
  sha256OfStream,
  sha256OfFile,
  hashedStream,
  isSha256
};
//# sourceMappingURL=chunk-5ODDAH7M.js.map
