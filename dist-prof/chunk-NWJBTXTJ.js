import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);

// src/evidence/mtree/mtree.ts
var escaped = /[^!-~]|[\\#=*?[\]]/g;
var octal = (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`;
var toVis = (bytes) => bytes.replace(escaped, octal);
function fromVis(word) {
  const bytes = word.replace(
    /\\([0-3][0-7]{2})/g,
    (_, digits) => String.fromCharCode(Number.parseInt(digits, 8))
  );
  return toVis(bytes) === word ? bytes : void 0;
}
var signature = "#mtree";
var rootLine = ". type=dir";
var typeWords = {
  file: "file",
  directory: "dir",
  symlink: "link",
  character: "char",
  block: "block",
  fifo: "fifo"
};
var base64 = (bytes) => Buffer.from(bytes, "latin1").toString("base64");
function keywordsOf(record) {
  const { type, mode, uid, gid, mtime, links, size, sha256, target, major, minor, xattrs } = record;
  return [
    ["type", typeWords[type]],
    ["mode", mode.toString(8).padStart(4, "0")],
    ["uid", String(uid)],
    ["gid", String(gid)],
    ["nlink", links === void 0 || links === 1 ? void 0 : String(links)],
    ["size", size?.toString()],
    ["time", `${mtime}.000000000`],
    ["sha256", sha256],
    ["link", target === void 0 ? void 0 : toVis(target)],
    ["device", major === void 0 ? void 0 : `native,${major},${minor}`],
    ...xattrs.map(([name, value]) => [`xattr.${toVis(name)}`, base64(value)])
  ];
}
function mtreeLine(record) {
  const words = keywordsOf(record).filter(([, value]) => value !== void 0).map(([keyword, value]) => `${keyword}=${value}`);
  return [`./${toVis(record.path)}`, ...words].join(" ");
}
function* mtreeOf(records) {
  yield `${signature}
${rootLine}
`;
  for (const record of records) yield `${mtreeLine(record)}
`;
}

export {
  toVis,
  fromVis,
  signature,
  rootLine,
  typeWords,
  keywordsOf,
  mtreeLine,
  mtreeOf
};
//# sourceMappingURL=chunk-NWJBTXTJ.js.map
