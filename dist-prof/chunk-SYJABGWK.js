import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  makeFolder
} from "./chunk-67ZVI5OU.js";
import {
  ownedName,
  ownerState
} from "./chunk-22XNJDHL.js";
import {
  quietly
} from "./chunk-EQKYACEH.js";
import {
  sha256OfBytes
} from "./chunk-5ODDAH7M.js";
import {
  ioError
} from "./chunk-BYUPOKH5.js";

// src/store/staging.ts
import { open, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
var longestName = 160;
function prefixOf(dest) {
  const name = basename(dest);
  return `.${Buffer.byteLength(name) > longestName ? sha256OfBytes(name) : name}.`;
}
var partName = async (dest, part) => join(dirname(dest), `${prefixOf(dest)}${await ownedName()}.${part}`);
var exists = (path) => stat(path).then(
  () => true,
  () => false
);
var notAllowed = ({ code }) => code === "EACCES";
async function recover(dest) {
  const prefix = prefixOf(dest);
  const names = await readdir(dirname(dest)).catch((error) => {
    if (notAllowed(error)) return [];
    throw error;
  });
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const [, owner = "", part] = /^(.*)\.(new|old)$/.exec(name.slice(prefix.length)) ?? [];
    if (await ownerState(owner) !== "dead") continue;
    const path = join(dirname(dest), name);
    if (part === "old" && !await exists(dest)) await rename(path, dest);
    else await rm(path, { recursive: true, force: true });
  }
}
async function removeFolders(folder, first) {
  if (first === void 0) return;
  for (let made = folder; made.startsWith(first); made = dirname(made)) await rmdir(made);
}
async function syncFolder(folder) {
  const handle = await open(folder, "r").catch((error) => {
    if (notAllowed(error)) return void 0;
    throw error;
  });
  if (handle === void 0) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
async function replaceFolder(path, dest) {
  const old = await partName(dest, "old");
  const had = await exists(dest);
  if (had) await rename(dest, old);
  try {
    await rename(path, dest);
  } catch (error) {
    if (had) await rename(old, dest);
    throw error;
  }
  if (had) await rm(old, { recursive: true, force: true });
}
async function stage(dest, kind, fill) {
  const path = await partName(dest, "new");
  const folder = dirname(dest);
  let firstMade;
  const discard = async () => {
    await quietly(rm(path, { recursive: true, force: true }));
    await quietly(removeFolders(folder, firstMade));
  };
  const commit = async () => {
    try {
      await (kind === "file" ? rename(path, dest) : replaceFolder(path, dest));
      await syncFolder(folder);
    } catch (error) {
      throw ioError(error, "writing", dest);
    }
  };
  try {
    firstMade = await makeFolder(folder);
    await recover(dest);
    await fill(path);
  } catch (error) {
    await discard();
    throw ioError(error, "writing", dest);
  }
  return { path, commit, discard };
}

export {
  syncFolder,
  stage
};
//# sourceMappingURL=chunk-SYJABGWK.js.map
