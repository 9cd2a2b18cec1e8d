import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  makeFolder
} from "./chunk-67ZVI5OU.js";
import {
  isSha256
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/store/blobs/layout.ts
import { join, resolve } from "node:path";
function layoutOf(folder) {
  const root = resolve(folder);
  return {
    folder: root,
    blobs: join(root, "blobs", "sha256"),
    tmp: join(root, "tmp"),
    partial: join(root, "partial")
  };
}
async function makeLayout(layout) {
  for (const folder of [layout.blobs, layout.tmp, layout.partial]) {
    await makeFolder(folder).catch((error) => {
      throw ioError(error, "making", folder);
    });
  }
}
function blobPath(layout, sha256) {
  if (!isSha256(sha256)) {
    throw new MkbaseError({ code: "INTERNAL", message: `Not a sha256: ${JSON.stringify(sha256)}` });
  }
  return join(layout.blobs, sha256);
}
var partialPath = (layout, sha256) => join(layout.partial, sha256);

export {
  layoutOf,
  makeLayout,
  blobPath,
  partialPath
};
//# sourceMappingURL=chunk-VOFVSU25.js.map
