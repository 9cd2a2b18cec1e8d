import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/store/make-folder.ts
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
async function makeFolder(path) {
  try {
    return await makeOne(path);
  } catch (error) {
    const { code } = error;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    const first = await makeFolder(dirname(path));
    const made = await makeOne(path);
    return first ?? made;
  }
}
async function makeOne(path) {
  try {
    await mkdir(path);
    return path;
  } catch (error) {
    if (!await isFolder(path)) throw error;
    return void 0;
  }
}
var isFolder = (path) => stat(path).then(
  (stats) => stats.isDirectory(),
  () => false
);

export {
  makeFolder
};
//# sourceMappingURL=chunk-67ZVI5OU.js.map
