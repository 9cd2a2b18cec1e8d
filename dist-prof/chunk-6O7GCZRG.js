import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  isRecord
} from "./chunk-IIMGXTQ4.js";
import {
  readTar
} from "./chunk-C36BAQN3.js";
import {
  readContent
} from "./chunk-4IXO52BR.js";
import {
  sha256OfStream
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/oci/read-layout.ts
import { createReadStream } from "node:fs";
import { lstat, stat } from "node:fs/promises";
import { join } from "node:path";
var maxEntries = 2e4;
function refuseImage(source, why) {
  throw new MkbaseError({
    code: "ARCHIVE_REFUSED",
    message: `${source} is not an image that mkbase can read: ${why}.`,
    hint: "Give the file or folder that mkbase wrote with --output type=oci or type=docker."
  });
}
async function digestOfStream(bytes) {
  return `sha256:${await sha256OfStream(bytes)}`;
}
var streamOf = (file, signal) => createReadStream(file, { highWaterMark: 1024 * 1024, signal });
async function openArchive(file, signal) {
  const parts = /* @__PURE__ */ new Map();
  const members = readTar(streamOf(file, signal), { source: file, limits: { maxEntries } });
  for await (const { entry, contentOffset, content } of members) {
    if (entry.type !== "file") continue;
    if (parts.has(entry.path)) refuseImage(file, `it holds ${entry.path} twice`);
    const { size } = entry;
    const sha256 = await digestOfStream(content);
    parts.set(entry.path, { file, offset: contentOffset, size, sha256 });
  }
  return async (path) => parts.get(path);
}
var openFolder = (folder, signal) => async (path) => {
  const file = join(folder, path);
  const found = await lstat(file).catch(() => void 0);
  if (!found?.isFile()) return void 0;
  const sha256 = await digestOfStream(streamOf(file, signal));
  return { file, offset: 0, size: found.size, sha256 };
};
async function openLayout(path, signal) {
  const found = await stat(path);
  const locate = found.isDirectory() ? openFolder(path, signal) : await openArchive(path, signal);
  if (await locate("oci-layout") === void 0) refuseImage(path, "it holds no OCI image layout");
  return locate;
}
async function readJsonObject(part, largest, refuse) {
  if (part.size > largest) refuse(`has ${part.size} bytes`);
  try {
    const value = JSON.parse((await readContent(part)).toString("utf8"));
    if (isRecord(value)) return value;
  } catch (error) {
    if (error instanceof SyntaxError) return refuse("is no JSON object", error);
    throw error;
  }
  return refuse("is no JSON object");
}

export {
  refuseImage,
  digestOfStream,
  openLayout,
  readJsonObject
};
//# sourceMappingURL=chunk-6O7GCZRG.js.map
