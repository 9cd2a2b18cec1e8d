import { MkbaseError } from '../base/errors.ts';
import type { Platform } from '../base/platform.ts';

/** What an ELF file says of itself, as far as a scratch image cares. */
export interface Elf {
  readonly machine: number;
  /** Program interpreter (PT_INTERP): the dynamic loader that it asks for. */
  readonly interpreter: string | undefined;
  /** Shared libraries (DT_NEEDED). */
  readonly needed: readonly string[];
  /** Position independent: ET_DYN. */
  readonly pie: boolean;
  /** Holds a symbol table (SHT_SYMTAB). */
  readonly symbols: boolean;
}

/** Reads `length` bytes at `offset`, fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

const elfMagic = '\x7fELF';
const etExec = 2;
const etDyn = 3;
const ptLoad = 1;
const ptDynamic = 2;
const ptInterp = 3;
const dtNeeded = 1n;
const dtStrtab = 5n;
const dtStrsz = 10n;
const shtSymtab = 2;
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

function broken(what: string): MkbaseError {
  return new MkbaseError({ code: 'BUILD_OUTPUT', message: `Not a whole ELF file: ${what}.` });
}

async function exactly(readAt: ReadAt, offset: number, length: number, what: string) {
  if (length > mostBytes) throw broken(`${what} claims ${length} bytes`);
  const bytes = await readAt(offset, length);
  if (bytes.length < length) throw broken(`${what} at offset ${offset} is cut short`);
  return bytes;
}

const cString = (bytes: Buffer, offset: number): string => {
  const end = bytes.indexOf(0, offset);
  return bytes.toString('latin1', offset, end < 0 ? bytes.length : end);
};

/** The program headers of a file whose first 64 bytes are `header`. Errors: BUILD_OUTPUT. */
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

/** The dynamic section; empty where there is none. Errors: BUILD_OUTPUT. */
export async function dynamicTags(
  readAt: ReadAt,
  segments: readonly Segment[],
): Promise<DynamicTag[]> {
  const dynamic = segments.find((segment) => segment.type === ptDynamic);
  if (!dynamic) return [];
  const table = await exactly(readAt, dynamic.offset, dynamic.size, 'the dynamic section');
  const tags: DynamicTag[] = [];
  for (let at = 0; at + 16 <= table.length; at += 16) {
    tags.push([table.readBigInt64LE(at), Number(table.readBigUInt64LE(at + 8))]);
  }
  return tags;
}

/** Where in the file the dynamic string table is. Throws BUILD_OUTPUT when it is in no segment. */
export function dynamicStrings(
  segments: readonly Segment[],
  tags: readonly DynamicTag[],
): { readonly offset: number; readonly size: number } {
  const valueAt = (wanted: bigint) => tags.find(([tag]) => tag === wanted)?.[1] ?? 0;
  const address = valueAt(dtStrtab);
  const home = segments.find(
    (s) => s.type === ptLoad && address >= s.address && address < s.address + s.size,
  );
  if (!home) throw broken('its dynamic string table is in no segment');
  return { offset: home.offset + address - home.address, size: valueAt(dtStrsz) };
}

async function neededOf(readAt: ReadAt, segments: readonly Segment[]): Promise<string[]> {
  const tags = await dynamicTags(readAt, segments);
  const needed = tags.filter(([tag]) => tag === dtNeeded);
  if (needed.length === 0) return [];
  const { offset, size } = dynamicStrings(segments, tags);
  const names = await exactly(readAt, offset, size, 'the dynamic string table');
  return needed.map(([, at]) => cString(names, at));
}

async function hasSymbols(readAt: ReadAt, header: Buffer): Promise<boolean> {
  const offset = Number(header.readBigUInt64LE(40));
  const size = header.readUInt16LE(58);
  const count = header.readUInt16LE(60);
  if (offset === 0 || count === 0) return false;
  const table = await exactly(readAt, offset, size * count, 'the section header table');
  for (let at = 0; at + 8 <= table.length; at += size) {
    if (table.readUInt32LE(at + 4) === shtSymtab) return true;
  }
  return false;
}

/**
 * Reads the headers of a 64-bit little-endian ELF executable (System V ABI, gABI chapters 4 and 5).
 * Errors: BUILD_OUTPUT when it is none, or not whole.
 */
export async function readElf(readAt: ReadAt): Promise<Elf> {
  const header = await readAt(0, 64);
  if (header.length < 64 || header.toString('latin1', 0, 4) !== elfMagic) {
    throw new MkbaseError({
      code: 'BUILD_OUTPUT',
      message: 'Not an ELF file.',
      hint: 'A static recipe takes compiled programs; put scripts and data under "files".',
    });
  }
  if (header[4] !== 2 || header[5] !== 1) {
    throw new MkbaseError({
      code: 'BUILD_OUTPUT',
      message: 'Not a 64-bit little-endian ELF file.',
    });
  }
  const type = header.readUInt16LE(16);
  if (type !== etExec && type !== etDyn) throw broken('it is no executable (an object file?)');
  const segments = await segmentsOf(readAt, header);
  const interpreter = segments.find((segment) => segment.type === ptInterp);
  return {
    machine: header.readUInt16LE(18),
    interpreter:
      interpreter &&
      cString(await exactly(readAt, interpreter.offset, interpreter.size, 'PT_INTERP'), 0),
    needed: await neededOf(readAt, segments),
    pie: type === etDyn,
    symbols: await hasSymbols(readAt, header),
  };
}

/** Why the program is not what a static recipe promises; empty when it is. */
export function staticProblems(elf: Elf, platform: Platform): string[] {
  const problems: string[] = [];
  if (elf.machine !== platform.machine) {
    problems.push(
      `it is for machine ${elf.machine}, expected ${platform.machine} (${platform.name})`,
    );
  }
  if (elf.interpreter !== undefined) {
    problems.push(`it asks for the dynamic loader ${elf.interpreter} (PT_INTERP)`);
  }
  if (elf.needed.length > 0) {
    problems.push(`it needs shared libraries: ${elf.needed.join(', ')} (DT_NEEDED)`);
  }
  return problems;
}
