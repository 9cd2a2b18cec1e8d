import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/base/byte-string.ts
var toByteString = (text) => Buffer.from(text, "utf8").toString("latin1");
var fromByteString = (bytes) => Buffer.from(bytes, "latin1").toString("utf8");

// src/tar/format/header-fields.ts
var blockSize = 512;
var fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  linkname: [157, 100],
  magic: [257, 8],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
  trailer: [500, 12]
};
var magics = { ustar: "ustar\x0000", gnu: "ustar  \0", v7: "\0".repeat(8) };
function headerChecksum(block) {
  const [start, length] = fields.checksum;
  let sum = length * 32;
  for (let at = 0; at < blockSize; at += 1) {
    if (at < start || at >= start + length) sum += block[at];
  }
  return sum;
}
var paddingOf = (size) => (blockSize - size % blockSize) % blockSize;
var octal = /^ *([0-7]*)[ \0]*$/;
function parseBase256(field) {
  let value = BigInt(field[0] & 127);
  for (const byte of field.subarray(1)) value = value * 256n + BigInt(byte);
  if (field[0] & 64) value -= 1n << BigInt(field.length * 8 - 1);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : void 0;
}
function parseNumber(field) {
  if (field[0] & 128) return parseBase256(field);
  const digits = octal.exec(Buffer.from(field).toString("latin1"))?.[1];
  if (digits === void 0) return void 0;
  const number = digits === "" ? 0 : Number.parseInt(digits, 8);
  return Number.isSafeInteger(number) ? number : void 0;
}
var octalLimit = (length) => 8 ** (length - 1) - 1;
var formatOctal = (value, length) => `${value.toString(8).padStart(length - 1, "0")}\0`;

// src/tar/names.ts
var pathLimit = 4096;
var partLimit = 255;
var unprintable = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
var shown = (name) => JSON.stringify(fromByteString(name)).replace(
  unprintable,
  (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`
);
var parentOf = (path) => path.slice(0, Math.max(0, path.lastIndexOf("/")));
function partProblem(part) {
  if (part === "") return "has an empty part";
  if (part === ".") return 'has a "." part';
  if (part === "..") return 'has a ".." part';
  if (part.length > partLimit) return `has a part of more than ${partLimit} bytes`;
  return void 0;
}
function checkPath(name) {
  if (name === "") return { problem: "is empty" };
  if (name.includes("\0")) return { problem: "has a NUL byte" };
  if (name.length > pathLimit) return { problem: `has more than ${pathLimit} bytes` };
  if (name.startsWith("/")) return { problem: "is absolute" };
  if (name === "." || name === "./") return { path: "" };
  const path = name.replace(/^\.\//, "").replace(/\/$/, "");
  for (const part of path.split("/")) {
    const problem = partProblem(part);
    if (problem !== void 0) return { problem };
  }
  return { path };
}
function targetProblem(target) {
  if (target === "") return "is empty";
  if (target.includes("\0")) return "has a NUL byte";
  if (target.length >= pathLimit) return `has more than ${pathLimit - 1} bytes`;
  return void 0;
}

// src/tar/format/refusal.ts
function refuse({ source, offset, name }, problem) {
  const member = name === void 0 ? "the member" : `the member ${shown(name)}`;
  throw new MkbaseError({
    code: "ARCHIVE_REFUSED",
    message: `${source}: ${member} at byte ${offset} ${problem}.`,
    hint: "Fetch or make the archive again; mkbase takes none that is damaged or that two tools could read in two ways."
  });
}

// src/tar/format/pax-keywords.ts
var xattrPrefix = "SCHILY.xattr.";
var ignored = {
  comment: "says nothing about the member",
  atime: "a rootfs has no access times",
  ctime: "the file system sets it",
  uname: "ids count, names belong to the host",
  gname: "ids count, names belong to the host",
  hdrcharset: "names are taken as bytes, whatever their charset",
  "SCHILY.dev": "the packer's own disk",
  "SCHILY.ino": "the packer's own disk",
  "SCHILY.nlink": "the packer's own disk",
  "SCHILY.fflags": "file flags of BSD file systems",
  "LIBARCHIVE.creationtime": "Linux cannot set it",
  "RHT.security.selinux": "a label of the packer's own policy",
  "APK-TOOLS.checksum.SHA1": "the check of each file by apk itself, within data whose hash has been checked"
};
var refused = [
  ["GNU.sparse.", "sparse files are read differently by different tools"],
  ["SCHILY.realsize", "sparse files are read differently by different tools"],
  ["SCHILY.acl.", "access control lists would be lost"],
  ["GNU.volume.", "it is one volume of several"],
  ["GNU.dumpdir", "it is an incremental backup"]
];
var libarchiveXattr = "LIBARCHIVE.xattr.";
var percentDecoded = (name) => name.replace(
  /%([0-9A-Fa-f]{2})/g,
  (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))
);
function parseDecimal(keyword, value, where) {
  const number = /^[0-9]+$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  return refuse(where, `has a PAX ${keyword} that is no whole number`);
}
function parseTime(value, where) {
  const match = /^(-?)([0-9]+)(?:\.([0-9]*))?$/.exec(value);
  const seconds = Number(match?.[2] ?? Number.NaN);
  if (!match || !Number.isSafeInteger(seconds)) {
    return refuse(where, "has a PAX mtime that is no time");
  }
  if (match[1] === "") return seconds;
  return /[1-9]/.test(match[3] ?? "") ? -seconds - 1 : 0 - seconds;
}
function parseXattr(keyword, value, where) {
  const name = keyword.slice(xattrPrefix.length);
  if (name === "" || /[%\0]/.test(name)) {
    return refuse(where, "has an extended attribute whose name tools quote in different ways");
  }
  return [name, value];
}
var parsers = {
  path: (path) => ({ path }),
  linkpath: (linkpath) => ({ linkpath }),
  size: (value, where) => ({ size: parseDecimal("size", value, where) }),
  uid: (value, where) => ({ uid: parseDecimal("uid", value, where) }),
  gid: (value, where) => ({ gid: parseDecimal("gid", value, where) }),
  mtime: (value, where) => ({ mtime: parseTime(value, where) })
};
function refuseKeyword(keyword, all, where) {
  if (Object.hasOwn(ignored, keyword)) return;
  if (keyword.startsWith(libarchiveXattr)) {
    const twin = xattrPrefix + percentDecoded(keyword.slice(libarchiveXattr.length));
    if (all.has(twin)) return;
  }
  const reason = refused.find(([prefix]) => keyword.startsWith(prefix))?.[1];
  const name = JSON.stringify(keyword);
  refuse(where, `has a PAX record ${name}: ${reason ?? "mkbase does not know what it means"}`);
}
function interpretPax(records, where) {
  const keywords = new Set(records.map(([keyword]) => keyword));
  if (keywords.size !== records.length) refuse(where, "has a PAX header that says a thing twice");
  const xattrs = [];
  let values = {};
  for (const [keyword, value] of records) {
    const parser = Object.hasOwn(parsers, keyword) ? parsers[keyword] : void 0;
    if (parser !== void 0) values = { ...values, ...parser(value, where) };
    else if (keyword.startsWith(xattrPrefix)) xattrs.push(parseXattr(keyword, value, where));
    else refuseKeyword(keyword, keywords, where);
  }
  return { ...values, xattrs: xattrs.sort(([a], [b]) => a < b ? -1 : 1) };
}
function checkGlobalPax(records, where) {
  const other = records.find(([keyword]) => keyword !== "comment");
  if (other === void 0) return;
  refuse(
    where,
    `is a global PAX header (${JSON.stringify(other[0])}), which tools apply differently`
  );
}

// src/tar/format/pax-records.ts
var lengthField = /^([1-9][0-9]{0,9}) /;
function recordAt(body, start) {
  const length = lengthField.exec(body.slice(start, start + 12))?.[1];
  if (length === void 0) return void 0;
  const end = start + Number(length);
  const keywordStart = start + length.length + 1;
  if (end > body.length || end <= keywordStart || body[end - 1] !== "\n") return void 0;
  const equals = body.indexOf("=", keywordStart);
  if (equals <= keywordStart || equals >= end - 1) return void 0;
  return { record: [body.slice(keywordStart, equals), body.slice(equals + 1, end - 1)], end };
}
function parsePaxRecords(body) {
  const text = Buffer.from(body).toString("latin1");
  const records = [];
  for (let at = 0; at < text.length; ) {
    const next = recordAt(text, at);
    if (next === void 0) return void 0;
    records.push(next.record);
    at = next.end;
  }
  return records;
}
function formatRecord([keyword, value]) {
  const rest = ` ${keyword}=${value}
`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) {
    length = String(length).length + rest.length;
  }
  return `${length}${rest}`;
}
var formatPaxRecords = (records) => Buffer.from(records.map(formatRecord).join(""), "latin1");

export {
  blockSize,
  fields,
  magics,
  headerChecksum,
  paddingOf,
  parseNumber,
  octalLimit,
  formatOctal,
  toByteString,
  fromByteString,
  shown,
  parentOf,
  checkPath,
  targetProblem,
  refuse,
  xattrPrefix,
  interpretPax,
  checkGlobalPax,
  parsePaxRecords,
  formatPaxRecords
};
//# sourceMappingURL=chunk-KU2VIPS7.js.map
