import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/store/remove-tree.ts
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  unlinkSync
} from "node:fs";
import { dirname } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
var O_PATH = 2097152;
var folderOnly = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;
var turnMilliseconds = 10;
async function removeTree(path) {
  try {
    const removal = { mount: mountAt(dirname(path)), turnStarted: performance.now() };
    return await remove(Buffer.from(path), removal);
  } catch {
    return false;
  }
}
async function remove(path, removal) {
  try {
    const folder = openFolder(path);
    if (folder === void 0) return happens(() => unlinkSync(path));
    const empty = await emptied(folder, removal).finally(() => closeSync(folder));
    return empty && happens(() => rmdirSync(path));
  } catch (error) {
    return isMissing(error);
  }
}
function openFolder(path) {
  try {
    return openSync(path, folderOnly);
  } catch (error) {
    const { code } = error;
    if (code !== "ENOTDIR" && code !== "ELOOP") throw error;
    return void 0;
  }
}
async function emptied(folder, removal) {
  if (mountOf(folder) !== removal.mount) return false;
  const here = `/proc/self/fd/${folder}`;
  if ((fstatSync(folder).mode & 448) !== 448) chmodSync(here, 448);
  const entries = readdirSync(here, { withFileTypes: true, encoding: "buffer" });
  let all = true;
  for (const entry of entries) {
    const path = Buffer.concat([Buffer.from(`${here}/`), entry.name]);
    const gone = entry.isDirectory() ? remove(path, removal) : happens(() => unlinkSync(path));
    all = await gone && all;
    await letOthers(removal);
  }
  return all;
}
async function letOthers(removal) {
  if (performance.now() - removal.turnStarted < turnMilliseconds) return;
  await breathe();
  removal.turnStarted = performance.now();
}
function mountAt(folder) {
  const handle = openSync(folder, O_PATH | constants.O_DIRECTORY);
  try {
    return mountOf(handle);
  } finally {
    closeSync(handle);
  }
}
function mountOf(handle) {
  const info = readFileSync(`/proc/self/fdinfo/${handle}`, "latin1");
  const id = /^mnt_id:\s*(\d+)$/m.exec(info)?.[1];
  if (id === void 0) throw new Error("no mnt_id in fdinfo");
  return id;
}
function happens(removal) {
  try {
    removal();
    return true;
  } catch (error) {
    return isMissing(error);
  }
}
var isMissing = (error) => error.code === "ENOENT";

export {
  removeTree
};
//# sourceMappingURL=chunk-KLTWRJAM.js.map
