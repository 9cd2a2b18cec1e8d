import { MkbaseError } from '../base/errors.ts';

/** Reads `length` bytes at `offset`, fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

/**
 * Constants of the System V ABI (gABI, chapters 4 and 5) and of GNU (binutils,
 * include/elf/common.h).
 */
export const abi = {
  magic: Buffer.from('\x7fELF', 'latin1'),
  /** e_type: an executable, and one or a library that is loaded at any address. */
  etExec: 2,
  etDyn: 3,
  /** e_machine of x86-64. */
  amd64: 62,
  ptLoad: 1,
  ptDynamic: 2,
  ptInterp: 3,
  ptGnuStack: 0x6474e551,
  ptGnuRelro: 0x6474e552,
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
  shtSymtab: 2,
} as const;

/** More bytes than a table of any program has. */
const mostBytes = 1024 * 1024;

/** A program header. */
export interface Segment {
  readonly type: number;
  /** PF_X 1, PF_W 2, PF_R 4. */
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/** A range of a file. */
export interface FileRange {
  readonly offset: number;
  readonly size: number;
}

/** Makes the error of a file that claims to be ELF and is damaged. */
export function broken(what: string): MkbaseError {
  return new MkbaseError({ code: 'BUILD_OUTPUT', message: `Not a whole ELF file: ${what}.` });
}

/** Reads exactly `length` bytes. Errors: BUILD_OUTPUT. */
export async function exactly(readAt: ReadAt, offset: number, length: number, what: string) {
  if (length > mostBytes) throw broken(`${what} claims ${length} bytes`);
  const bytes = await readAt(offset, length);
  if (bytes.length < length) throw broken(`${what} at offset ${offset} is cut short`);
  return bytes;
}

/** Reads the program headers of a file whose first 64 bytes are `header`. Errors: BUILD_OUTPUT. */
export async function segmentsOf(readAt: ReadAt, header: Buffer): Promise<Segment[]> {
  const size = header.readUInt16LE(54);
  const count = header.readUInt16LE(56);
  if (count > 0 && size < 56) throw broken('its program headers are too small');
  const table = await exactly(
    readAt,
    Number(header.readBigUInt64LE(32)),
    size * count,
    'the program header table',
  );
  return Array.from({ length: count }, (_, index) => {
    const at = index * size;
    return {
      type: table.readUInt32LE(at),
      flags: table.readUInt32LE(at + 4),
      offset: Number(table.readBigUInt64LE(at + 8)),
      address: Number(table.readBigUInt64LE(at + 16)),
      size: Number(table.readBigUInt64LE(at + 32)),
    };
  });
}

/** An entry of the dynamic section: a tag (DT_NEEDED 1 …) and its value. */
export type DynamicTag = readonly [tag: bigint, value: number];

/** Reads the dynamic section; empty where there is none. Errors: BUILD_OUTPUT. */
export async function dynamicTags(
  readAt: ReadAt,
  segments: readonly Segment[],
): Promise<DynamicTag[]> {
  const dynamic = segments.find((segment) => segment.type === abi.ptDynamic);
  if (!dynamic) return [];
  const table = await exactly(readAt, dynamic.offset, dynamic.size, 'the dynamic section');
  const tags: DynamicTag[] = [];
  for (let at = 0; at + 16 <= table.length; at += 16) {
    tags.push([table.readBigInt64LE(at), Number(table.readBigUInt64LE(at + 8))]);
  }
  return tags;
}

/** Finds the dynamic string table in the file. Throws BUILD_OUTPUT when it is in no segment. */
export function dynamicStrings(
  segments: readonly Segment[],
  tags: readonly DynamicTag[],
): FileRange {
  const valueAt = (wanted: bigint) => tags.find(([tag]) => tag === wanted)?.[1] ?? 0;
  const address = valueAt(abi.dtStrtab);
  const home = segments.find(
    (s) => s.type === abi.ptLoad && address >= s.address && address < s.address + s.size,
  );
  if (!home) throw broken('its dynamic string table is in no segment');
  return { offset: home.offset + address - home.address, size: valueAt(abi.dtStrsz) };
}
