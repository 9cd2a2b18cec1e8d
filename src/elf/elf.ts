import { MkbaseError } from '../base/errors.ts';
import type { Platform } from '../base/platform.ts';
import {
  abi,
  broken,
  dynamicStrings,
  dynamicTags,
  exactly,
  type ReadAt,
  type Segment,
  segmentsOf,
} from './headers.ts';

/** The parts of an ELF file's headers that matter to a scratch image. */
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

const cString = (bytes: Buffer, offset: number): string => {
  const end = bytes.indexOf(0, offset);
  return bytes.toString('latin1', offset, end < 0 ? bytes.length : end);
};

async function neededOf(readAt: ReadAt, segments: readonly Segment[]): Promise<string[]> {
  const tags = await dynamicTags(readAt, segments);
  const needed = tags.filter(([tag]) => tag === abi.dtNeeded);
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
    if (table.readUInt32LE(at + 4) === abi.shtSymtab) return true;
  }
  return false;
}

/**
 * Reads the headers of a 64-bit little-endian ELF executable (System V ABI, gABI chapters 4 and 5).
 * Errors: BUILD_OUTPUT when it is none, or not whole.
 */
export async function readElf(readAt: ReadAt): Promise<Elf> {
  const header = await readAt(0, 64);
  if (header.length < 64 || !header.subarray(0, 4).equals(abi.magic)) {
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
  if (type !== abi.etExec && type !== abi.etDyn)
    throw broken('it is no executable (an object file?)');
  const segments = await segmentsOf(readAt, header);
  const interpreter = segments.find((segment) => segment.type === abi.ptInterp);
  return {
    machine: header.readUInt16LE(18),
    interpreter:
      interpreter &&
      cString(await exactly(readAt, interpreter.offset, interpreter.size, 'PT_INTERP'), 0),
    needed: await neededOf(readAt, segments),
    pie: type === abi.etDyn,
    symbols: await hasSymbols(readAt, header),
  };
}

/** Says why a program is not what a static recipe promises; empty when it is. */
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
