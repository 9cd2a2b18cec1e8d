import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  blockSize,
  checkGlobalPax,
  checkPath,
  fields,
  headerChecksum,
  interpretPax,
  magics,
  octalLimit,
  paddingOf,
  parseNumber,
  parsePaxRecords,
  refuse,
  targetProblem
} from "./chunk-KU2VIPS7.js";
import {
  ioError
} from "./chunk-BYUPOKH5.js";

// src/tar/read.ts
import { open, rm } from "node:fs/promises";

// src/tar/byte-reader.ts
function byteReader(source) {
  const iterator = source[Symbol.asyncIterator]();
  let rest = Buffer.alloc(0);
  let position = 0;
  async function readSome(length) {
    while (rest.length === 0) {
      const next = await iterator.next();
      if (next.done) return rest;
      rest = next.value;
    }
    const bytes = rest.subarray(0, length);
    rest = rest.subarray(bytes.length);
    position += bytes.length;
    return bytes;
  }
  async function read(length) {
    const target = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const bytes = await readSome(length - filled);
      if (bytes.length === 0) break;
      target.set(bytes, filled);
      filled += bytes.length;
    }
    return target.subarray(0, filled);
  }
  return {
    get position() {
      return position;
    },
    read,
    readSome,
    close: async () => {
      await iterator.return?.();
    }
  };
}

// src/tar/format/header.ts
var slice = (block, [start, length]) => block.subarray(start, start + length);
function stringField(block, field) {
  const bytes = slice(block, field).toString("latin1");
  const end = bytes.indexOf("\0");
  return end < 0 ? bytes : bytes.slice(0, end);
}
function numberField(block, name, where) {
  const number = parseNumber(slice(block, fields[name]));
  if (number === void 0) return refuse(where, `has a ${name} field that is no number`);
  if (number < 0 && name !== "mtime") return refuse(where, `has a negative ${name} (${number})`);
  return number;
}
function checkChecksum(block, where) {
  const stated = parseNumber(slice(block, fields.checksum));
  const computed = headerChecksum(block);
  if (stated !== computed) {
    refuse(where, `has a wrong header checksum (stated ${stated ?? "nothing"}, found ${computed})`);
  }
}
function fullName(block, where) {
  const name = stringField(block, fields.name);
  const magic = slice(block, fields.magic).toString("latin1");
  if (magic === magics.gnu || magic === magics.v7) return name;
  if (magic !== magics.ustar) return refuse(where, "has a header that is no tar header");
  if (slice(block, fields.trailer).some((byte) => byte !== 0)) {
    return refuse(where, "is in star's own format, whose prefix field other tools read otherwise");
  }
  const prefix = stringField(block, fields.prefix);
  return prefix === "" ? name : `${prefix}/${name}`;
}
function parseHeader(block, at) {
  if (block.length !== blockSize) refuse(at, "is cut inside its header");
  checkChecksum(block, at);
  const name = fullName(block, at);
  const where = { ...at, name };
  const type = String.fromCharCode(block[fields.type[0]]);
  const device = type === "3" || type === "4";
  return {
    type,
    name,
    linkname: stringField(block, fields.linkname),
    mode: numberField(block, "mode", where) & 4095,
    uid: numberField(block, "uid", where),
    gid: numberField(block, "gid", where),
    size: numberField(block, "size", where),
    mtime: numberField(block, "mtime", where),
    major: device ? numberField(block, "major", where) : 0,
    minor: device ? numberField(block, "minor", where) : 0
  };
}

// src/tar/format/member.ts
var types = {
  "\0": "file",
  "0": "file",
  "7": "file",
  "1": "hardlink",
  "2": "symlink",
  "3": "character",
  "4": "block",
  "5": "directory",
  "6": "fifo"
};
var refusedTypes = {
  S: "is a GNU sparse file, which tools read differently",
  M: "is the rest of a file from another volume",
  V: "is a volume label, not a file",
  D: "is a GNU incremental backup",
  N: "is an old GNU long name",
  X: "is in Solaris' own format"
};
var idLimit = 2 ** 32 - 2;
function typeOf(header, name, where) {
  const type = types[header.type];
  if (type === void 0) {
    const shownType = JSON.stringify(header.type);
    return refuse(where, refusedTypes[header.type] ?? `has the unknown type ${shownType}`);
  }
  return type === "file" && name.endsWith("/") ? "directory" : type;
}
function sizeOf(header, type, pax, where) {
  const size = pax.size ?? header.size;
  if (size !== header.size && size <= octalLimit(fields.size[1])) {
    refuse(where, `has two sizes, ${header.size} in its header and ${size} in its PAX header`);
  }
  if (size !== 0 && type !== "file") refuse(where, `is a ${type} with a size (${size})`);
  return size;
}
function pathOf(name, what, where) {
  const { path, problem } = { path: "", ...checkPath(name) };
  return problem === void 0 ? path : refuse(where, `has a ${what} that ${problem}`);
}
function idOf(id, what, where) {
  return id <= idLimit ? id : refuse(where, `has a ${what} above ${idLimit} (${id})`);
}
function deviceNumber(value, what, where) {
  const limit = octalLimit(fields.major[1]);
  return value <= limit ? value : refuse(where, `has a ${what} number above ${limit} (${value})`);
}
function symlinkTarget(target, where) {
  const problem = targetProblem(target);
  return problem === void 0 ? target : refuse(where, `has a link target that ${problem}`);
}
var noPax = { xattrs: [] };
function resolveMember(header, extensions, at) {
  const { pax = noPax, longName, longLink } = extensions;
  const name = pax.path ?? longName ?? header.name;
  const link = pax.linkpath ?? longLink ?? header.linkname;
  const where = { ...at, name };
  const type = typeOf(header, name, where);
  const size = sizeOf(header, type, pax, where);
  const common = {
    path: pathOf(name, "name", where),
    mode: header.mode,
    uid: idOf(pax.uid ?? header.uid, "uid", where),
    gid: idOf(pax.gid ?? header.gid, "gid", where),
    mtime: pax.mtime ?? header.mtime,
    xattrs: pax.xattrs
  };
  if (common.path === "" && type !== "directory")
    refuse(where, `is a ${type} in place of the root`);
  switch (type) {
    case "file":
      return { ...common, type, size };
    case "symlink":
      return { ...common, type, target: symlinkTarget(link, where) };
    case "hardlink":
      return { ...common, type, target: pathOf(link, "link target", where) };
    case "character":
    case "block": {
      const major = deviceNumber(header.major, "major", where);
      return { ...common, type, major, minor: deviceNumber(header.minor, "minor", where) };
    }
    default:
      return { ...common, type };
  }
}

// src/tar/format/next-member.ts
var longNameLimit = 4097;
var paxLimit = 1024 * 1024;
var isZero = (block) => block.every((byte) => byte === 0);
async function extensionBody(reader, header, limit, where) {
  if (header.size > limit) {
    refuse(where, `has an extension header of ${header.size} bytes; at most ${limit} are taken`);
  }
  const padded = header.size + paddingOf(header.size);
  const bytes = await reader.read(padded);
  if (bytes.length < padded) refuse(where, "is cut inside an extension header");
  return bytes.subarray(0, header.size);
}
async function paxRecords(reader, header, where) {
  const body = await extensionBody(reader, header, paxLimit, where);
  const records = parsePaxRecords(body);
  return records ?? refuse(where, "has a PAX record whose length does not fit");
}
async function gnuLongName(reader, header, where) {
  const body = await extensionBody(reader, header, longNameLimit, where);
  return body.toString("latin1").replace(/\0$/, "");
}
function extend(extensions, more, where) {
  const twice = Object.keys(more).some((key) => key in extensions);
  const both = { ...extensions, ...more };
  const mixed = both.pax !== void 0 && (both.longName ?? both.longLink) !== void 0;
  if (twice) refuse(where, "has two extension headers of one kind");
  if (mixed)
    refuse(where, "has both PAX and GNU extension headers, which tools combine differently");
  return both;
}
async function readExtension(reader, header, where) {
  switch (header.type) {
    case "x":
      return { pax: interpretPax(await paxRecords(reader, header, where), where) };
    case "L":
      return { longName: await gnuLongName(reader, header, where) };
    case "K":
      return { longLink: await gnuLongName(reader, header, where) };
    case "g":
      checkGlobalPax(await paxRecords(reader, header, where), where);
      return {};
    default:
      return void 0;
  }
}
async function checkEnd(reader, extensions, where) {
  if (Object.keys(extensions).length > 0) refuse(where, "is missing after its extension header");
  const second = await reader.read(blockSize);
  if (second.length < blockSize) refuse(where, "is half an end mark: the archive is cut");
  if (!isZero(second)) refuse(where, "is a lone zero block with more members after it");
}
async function nextMember(reader, source) {
  const offset = reader.position;
  const where = { source, offset };
  let extensions = {};
  for (; ; ) {
    const block = await reader.read(blockSize);
    if (block.length === 0) refuse(where, "is missing: the archive ends without its end mark");
    if (block.length === blockSize && isZero(block)) {
      await checkEnd(reader, extensions, where);
      return void 0;
    }
    const header = parseHeader(block, where);
    const extension = await readExtension(reader, header, where);
    if (extension === void 0) return { entry: resolveMember(header, extensions, where), offset };
    extensions = extend(extensions, extension, where);
  }
}

// src/tar/read.ts
var defaultLimits = { maxBytes: 16 * 1024 ** 3, maxEntries: 1e6 };
async function* capped(stream, maxBytes, source) {
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      refuse({ source, offset: bytes }, `is beyond the limit of ${maxBytes} bytes`);
    yield chunk;
  }
}
async function* contentOf(reader, size, onCut) {
  for (let left = size; left > 0; ) {
    const chunk = await reader.readSome(left);
    if (chunk.length === 0) onCut();
    left -= chunk.length;
    yield chunk;
  }
}
async function checkTail(reader, source) {
  for (; ; ) {
    const offset = reader.position;
    const chunk = await reader.readSome(Number.MAX_SAFE_INTEGER);
    if (chunk.length === 0) return;
    if (chunk.some((byte) => byte !== 0))
      refuse({ source, offset }, "follows the end of the archive");
  }
}
async function* readTar(stream, options = {}) {
  const { source = "The archive", limits, keepRoot = false } = options;
  const { maxBytes, maxEntries } = { ...defaultLimits, ...limits };
  const reader = byteReader(capped(stream, maxBytes, source));
  try {
    for (let count = 0; ; count += 1) {
      const member = await nextMember(reader, source);
      if (member === void 0) break;
      const { entry, offset } = member;
      const where = { source, offset, name: entry.path };
      if (count >= maxEntries) refuse(where, `is beyond the limit of ${maxEntries} members`);
      const size = entry.type === "file" ? entry.size : 0;
      const contentOffset = reader.position;
      const cut = () => refuse(where, "is cut inside its content");
      const content = contentOf(reader, size, cut);
      if (entry.path !== "" || keepRoot) yield { entry, offset, contentOffset, content };
      const left = contentOffset + size - reader.position;
      for await (const _ of contentOf(reader, left, cut)) ;
      const padding = await reader.read(paddingOf(size));
      if (padding.length < paddingOf(size)) cut();
    }
    await checkTail(reader, source);
  } finally {
    await reader.close();
  }
}
async function* teed(stream, handle, file) {
  for await (const chunk of stream) {
    await handle.writeFile(chunk).catch((error) => {
      throw ioError(error, "writing", file);
    });
    yield chunk;
  }
}
async function spoolTar(stream, file, options = {}) {
  const entries = [];
  const handle = await open(file, "wx", 384).catch((error) => {
    throw ioError(error, "creating", file);
  });
  try {
    for await (const { entry, contentOffset } of readTar(teed(stream, handle, file), options)) {
      if (entry.type !== "file") entries.push(entry);
      else entries.push({ ...entry, content: { file, offset: contentOffset, size: entry.size } });
    }
    return entries;
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

export {
  byteReader,
  readTar,
  spoolTar
};
//# sourceMappingURL=chunk-C36BAQN3.js.map
