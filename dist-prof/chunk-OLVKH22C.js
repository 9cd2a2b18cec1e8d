import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  MkbaseError
} from "./chunk-BYUPOKH5.js";

// src/elf/headers.ts
var abi = {
  magic: Buffer.from("\x7FELF", "latin1"),
  /** e_type: an executable, and one or a library that is loaded at any address. */
  etExec: 2,
  etDyn: 3,
  /** e_machine of x86-64. */
  amd64: 62,
  ptLoad: 1,
  ptDynamic: 2,
  ptInterp: 3,
  ptGnuStack: 1685382481,
  ptGnuRelro: 1685382482,
  pfExecutable: 1,
  pfWritable: 2,
  dtNeeded: 1n,
  dtStrtab: 5n,
  dtStrsz: 10n,
  dtBindNow: 24n,
  dtFlags: 30n,
  dtFlags1: 0x6ffffffbn,
  /** DF_BIND_NOW and DF_1_NOW. */
  dfBindNow: 8,
  df1Now: 1,
  shtSymtab: 2
};
var mostBytes = 1024 * 1024;
function broken(what) {
  return new MkbaseError({ code: "BUILD_OUTPUT", message: `Not a whole ELF file: ${what}.` });
}
async function exactly(readAt, offset, length, what) {
  if (length > mostBytes) throw broken(`${what} claims ${length} bytes`);
  const bytes = await readAt(offset, length);
  if (bytes.length < length) throw broken(`${what} at offset ${offset} is cut short`);
  return bytes;
}
async function segmentsOf(readAt, header) {
  const size = header.readUInt16LE(54);
  const count = header.readUInt16LE(56);
  if (count > 0 && size < 56) throw broken("its program headers are too small");
  const table = await exactly(
    readAt,
    Number(header.readBigUInt64LE(32)),
    size * count,
    "the program header table"
  );
  return Array.from({ length: count }, (_, index) => {
    const at = index * size;
    return {
      type: table.readUInt32LE(at),
      flags: table.readUInt32LE(at + 4),
      offset: Number(table.readBigUInt64LE(at + 8)),
      address: Number(table.readBigUInt64LE(at + 16)),
      size: Number(table.readBigUInt64LE(at + 32))
    };
  });
}
async function dynamicTags(readAt, segments) {
  const dynamic = segments.find((segment) => segment.type === abi.ptDynamic);
  if (!dynamic) return [];
  const table = await exactly(readAt, dynamic.offset, dynamic.size, "the dynamic section");
  const tags = [];
  for (let at = 0; at + 16 <= table.length; at += 16) {
    tags.push([table.readBigInt64LE(at), Number(table.readBigUInt64LE(at + 8))]);
  }
  return tags;
}
function dynamicStrings(segments, tags) {
  const valueAt = (wanted) => tags.find(([tag]) => tag === wanted)?.[1] ?? 0;
  const address = valueAt(abi.dtStrtab);
  const home = segments.find(
    (s) => s.type === abi.ptLoad && address >= s.address && address < s.address + s.size
  );
  if (!home) throw broken("its dynamic string table is in no segment");
  return { offset: home.offset + address - home.address, size: valueAt(abi.dtStrsz) };
}

export {
  abi,
  broken,
  exactly,
  segmentsOf,
  dynamicTags,
  dynamicStrings
};
//# sourceMappingURL=chunk-OLVKH22C.js.map
