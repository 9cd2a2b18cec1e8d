import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  removeTree
} from "./chunk-KLTWRJAM.js";
import {
  makeFolder
} from "./chunk-67ZVI5OU.js";
import {
  ownedPrefix,
  ownerState
} from "./chunk-22XNJDHL.js";
import {
  ioError
} from "./chunk-BYUPOKH5.js";

// src/store/workspace.ts
import { lstat, mkdtemp, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
async function openWorkspace(parent) {
  const root = resolve(parent);
  const folder = await makeOwned(root).catch((error) => {
    throw ioError(error, "making a work folder in", root);
  });
  return {
    folder,
    async dispose() {
      await removeTree(folder);
    }
  };
}
async function makeOwned(root) {
  await makeFolder(root);
  return mkdtemp(join(root, await ownedPrefix()));
}
var elsewhereMilliseconds = 24 * 60 * 60 * 1e3;
async function sweepWorkspaces(parent, now, io) {
  const root = resolve(parent);
  const swept = [];
  for (const name of await readdir(root).catch(() => [])) {
    const path = join(root, name);
    if (!await isAbandoned(path, name, now)) continue;
    if (await removeTree(path)) swept.push(name);
    else io?.emit({ type: "warning", stage: "fetch", warning: kept(path) });
  }
  return swept;
}
async function isAbandoned(path, name, now) {
  const state = await ownerState(name);
  if (state !== "elsewhere" || now === void 0) return state === "dead";
  const stat = await lstat(path).catch(() => void 0);
  return stat !== void 0 && now.getTime() - stat.mtimeMs > elsewhereMilliseconds;
}
var kept = (path) => ({
  code: "leftover-kept",
  message: `A killed run left ${path}, and it could not be removed whole.`,
  advice: "Unmount what is mounted inside it, then remove it by hand."
});

export {
  openWorkspace,
  sweepWorkspaces
};
//# sourceMappingURL=chunk-Z5JDSP4X.js.map
