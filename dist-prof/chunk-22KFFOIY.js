import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/packages/deb/unpack/usr-merge.ts
var merged = /* @__PURE__ */ new Set(["bin", "sbin", "lib", "lib32", "lib64", "libo32", "libx32"]);
function mergedPath(path) {
  const slash = path.indexOf("/");
  return merged.has(slash < 0 ? path : path.slice(0, slash)) ? `usr/${path}` : path;
}
function isMergeLink(entry) {
  if (entry.type !== "symlink" || !merged.has(entry.path)) return false;
  return entry.target.replace(/^\//, "").replace(/\/$/, "") === `usr/${entry.path}`;
}
function mergeLinks(paths, mtime) {
  const found = /* @__PURE__ */ new Set();
  for (const path of paths) {
    const [usr, folder, below] = path.split("/", 3);
    if (usr === "usr" && below !== void 0 && merged.has(folder)) found.add(folder);
  }
  return [...found].sort().map((folder) => ({
    type: "symlink",
    path: folder,
    target: `usr/${folder}`,
    mode: 511,
    uid: 0,
    gid: 0,
    mtime,
    xattrs: []
  }));
}

export {
  mergedPath,
  isMergeLink,
  mergeLinks
};
//# sourceMappingURL=chunk-22KFFOIY.js.map
