import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  blockSize,
  fields,
  formatOctal,
  formatPaxRecords,
  headerChecksum,
  magics,
  octalLimit,
  paddingOf,
  shown,
  xattrPrefix
} from "./chunk-KU2VIPS7.js";
import {
  contentReader,
  contentSize
} from "./chunk-4IXO52BR.js";
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/tar/format/encode-header.ts
var isAscii = (bytes) => !/[\x80-\xff]/.test(bytes);
function splitName(path) {
  const nameLimit = fields.name[1];
  const prefixLimit = fields.prefix[1];
  if (!isAscii(path)) return void 0;
  if (path.length <= nameLimit) return { prefix: "", name: path };
  const slash = path.lastIndexOf("/", Math.min(prefixLimit, path.length - 2));
  const name = path.slice(slash + 1);
  return slash <= 0 || name.length > nameLimit ? void 0 : { prefix: path.slice(0, slash), name };
}
var typeflags = {
  file: "0",
  hardlink: "1",
  symlink: "2",
  character: "3",
  block: "4",
  directory: "5",
  fifo: "6"
};
var fits = (value, field) => value >= 0 && value <= octalLimit(field[1]);
function encodeBlock(values) {
  const block = Buffer.allocUnsafe(blockSize).fill(0);
  const put = (text, [start, length]) => block.write(text.slice(0, length), start, "latin1");
  const number = (value, field) => put(formatOctal(fits(value, field) ? value : 0, field[1]), field);
  put(values.name, fields.name);
  for (const name of ["mode", "uid", "gid", "size", "mtime"]) {
    number(values[name] ?? 0, fields[name]);
  }
  put(values.type, fields.type);
  put(values.linkname ?? "", fields.linkname);
  put(magics.ustar, fields.magic);
  if (values.device) {
    number(values.device.major, fields.major);
    number(values.device.minor, fields.minor);
  }
  put(values.prefix ?? "", fields.prefix);
  put(`${formatOctal(headerChecksum(block), fields.checksum[1] - 1)} `, fields.checksum);
  return block;
}
function xattrRecord(path, [name, value]) {
  if (!/[=%\0]/.test(name)) return [xattrPrefix + name, value];
  throw new MkbaseError({
    code: "ROOTFS_REFUSED",
    message: `${shown(path)} has an extended attribute ${shown(name)}, a name that no tar archive can hold safely.`
  });
}
var numberRecords = (entry, size) => ["size", "uid", "gid", "mtime"].map((field) => [field, field === "size" ? size : entry[field]]).filter(([field, value]) => !fits(value, fields[field])).map(([field, value]) => [field, String(value)]);
var exceeds = (text, [, length]) => text.length > length || !isAscii(text);
function paxOf(entry, { name, linkname = "", size = 0 }) {
  const others = [
    ...exceeds(linkname, fields.linkname) ? [["linkpath", linkname]] : [],
    ...numberRecords(entry, size),
    ...entry.xattrs.map((xattr) => xattrRecord(entry.path, xattr))
  ];
  if (others.length === 0 && splitName(name)) return [];
  const named = exceeds(name, fields.name) ? [["path", name]] : [];
  return [...named, ...others].sort(([a], [b]) => a < b ? -1 : 1);
}
var shortened = (text, [, length]) => {
  const ascii = text.replace(/[\x80-\xff]/g, "");
  return ascii.length > length ? ascii.slice(0, length).replace(/\/+$/, "") : ascii;
};
function encodePax(records, name) {
  const body = formatPaxRecords(records);
  const folder = name.slice(0, name.lastIndexOf("/") + 1);
  const own = `${folder}PaxHeaders.0/${name.slice(folder.length)}`;
  const header = encodeBlock({
    type: "x",
    name: shortened(own, fields.name).replace(/\/+$/, ""),
    size: body.length
  });
  return Buffer.concat([header, body, Buffer.alloc(paddingOf(body.length))]);
}
function encodeHeader(entry) {
  const { mode, uid, gid, mtime } = entry;
  const { major, minor } = "major" in entry ? entry : { major: 0, minor: 0 };
  const block = {
    type: typeflags[entry.type],
    name: entry.type === "directory" ? `${entry.path}/` : entry.path,
    ...{ mode, uid, gid, mtime, device: { major, minor } },
    ..."target" in entry && { linkname: entry.target },
    ...entry.type === "file" && { size: entry.size }
  };
  const records = paxOf(entry, block);
  if (records.length === 0) return encodeBlock({ ...block, ...splitName(block.name) });
  const name = shortened(block.name, fields.name);
  const linkname = shortened(block.linkname ?? "", fields.linkname);
  return Buffer.concat([encodePax(records, block.name), encodeBlock({ ...block, name, linkname })]);
}

// src/tar/write.ts
var chunkSize = 256 * 1024;
var inMemory = (bytes) => ({ bytes });
var zeroBlocks = Buffer.alloc(2 * blockSize);
var zeros = (length) => inMemory(zeroBlocks.subarray(0, length));
function checkSize(path, size, content) {
  if (contentSize(content) === size) return;
  throw new MkbaseError({
    code: "INTERNAL",
    message: `${shown(path)} has ${size} bytes, but its content has ${contentSize(content)}.`
  });
}
function* pieces(entries) {
  for (const entry of entries) {
    yield inMemory(encodeHeader(entry));
    if (entry.type !== "file") continue;
    checkSize(entry.path, entry.size, entry.content);
    yield entry.content;
    yield zeros(paddingOf(entry.size));
  }
  yield zeros(2 * blockSize);
}
async function* writeTar(entries, { reuseMemory = false } = {}) {
  const contents = contentReader();
  let chunk = Buffer.allocUnsafeSlow(chunkSize);
  let used = 0;
  try {
    for (const piece of pieces(entries)) {
      const size = contentSize(piece);
      for (let done = 0; done < size; ) {
        const room = chunk.subarray(used, used + size - done);
        const filling = contents.fill(piece, done, room);
        if (filling !== void 0) await filling;
        done += room.length;
        used += room.length;
        if (used < chunkSize) continue;
        yield chunk;
        if (!reuseMemory) chunk = Buffer.allocUnsafeSlow(chunkSize);
        used = 0;
      }
    }
    if (used > 0) yield chunk.subarray(0, used);
  } finally {
    contents.close();
  }
}

export {
  writeTar
};
//# sourceMappingURL=chunk-PT3SHOUE.js.map
