import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  stage
} from "./chunk-SYJABGWK.js";
import {
  interrupted,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/store/write-whole-file.ts
import { access, open, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
async function writeNewFile(path, bytes, signal) {
  const handle = await open(path, "wx", 420);
  try {
    await writeFile(handle, bytes, { signal });
    await handle.sync();
  } catch (error) {
    throw signal?.aborted ? interrupted(signal) : error;
  } finally {
    await handle.close();
  }
}
async function writeWholeFile(path, text) {
  await access(dirname(path)).catch((error) => {
    throw ioError(error, "writing", path);
  });
  const staged = await stage(path, "file", (temporary) => writeNewFile(temporary, text));
  try {
    await staged.commit();
  } finally {
    await staged.discard();
  }
}

export {
  writeNewFile,
  writeWholeFile
};
//# sourceMappingURL=chunk-VP6DARGB.js.map
