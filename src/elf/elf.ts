import { MkbaseError } from '../base/errors.ts';
import type { Platform } from '../base/platform.ts';
import { abi } from './abi.ts';
import { armArchitectureOf } from './arm-attributes.ts';
import { dynamicStrings, dynamicTags } from './dynamic.ts';
import { broken, type ElfHeader, exactly, isLoadable, type ReadAt, readHeader } from './header.ts';
import { choosesFunctions } from './relocations.ts';
import { sectionsOf, symbolTable } from './sections.ts';
import { type Segment, segmentsOf } from './segments.ts';

/** The parts of an ELF file's headers that matter to a scratch image. */
export interface Elf {
  readonly machine: number;
  readonly bits: 32 | 64;
  readonly order: 'little' | 'big';
  /** e_flags. */
  readonly flags: number;
  /** Tag_CPU_arch of a program for 32-bit ARM, as far as its section headers tell. */
  readonly armArchitecture: number | undefined;
  /** Program interpreter (PT_INTERP): the dynamic loader that it asks for. */
  readonly interpreter: string | undefined;
  /** Shared libraries (DT_NEEDED). */
  readonly needed: readonly string[];
  /** Position independent: ET_DYN. */
  readonly pie: boolean;
  /** Holds a symbol table (SHT_SYMTAB). */
  readonly symbols: boolean;
  /** Has functions that are chosen when it starts (ifunc), as far as its section headers tell. */
  readonly choosesFunctions: boolean;
}

const cString = (bytes: Buffer, offset: number): string => {
  const end = bytes.indexOf(0, offset);
  return bytes.toString('latin1', offset, end < 0 ? bytes.length : end);
};

async function neededOf(
  readAt: ReadAt,
  header: ElfHeader,
  segments: readonly Segment[],
): Promise<string[]> {
  const tags = await dynamicTags(readAt, header, segments);
  const needed = tags.filter(([tag]) => tag === abi.dtNeeded);
  if (needed.length === 0) return [];
  const { offset, size } = dynamicStrings(segments, tags);
  const names = await exactly(readAt, offset, size, 'the dynamic string table');
  return needed.map(([, at]) => cString(names, at));
}

/**
 * Reads the headers of an ELF executable of any class and byte order (System V ABI, gABI chapters 4 and
 * 5). Errors: BUILD_OUTPUT when it is none, not whole, or could be read in two ways.
 */
export async function readElf(readAt: ReadAt): Promise<Elf> {
  const header = await readHeader(readAt);
  if (header === undefined) {
    throw new MkbaseError({
      code: 'BUILD_OUTPUT',
      message: 'Not an ELF file.',
      hint: 'A static recipe takes compiled programs; put scripts and data under "files".',
    });
  }
  if (!isLoadable(header)) throw broken('it is no executable (an object file?)');
  const segments = await segmentsOf(readAt, header);
  const interpreter = segments.find((segment) => segment.type === abi.ptInterp);
  const { machine, bits, order, flags, type } = header;
  const sections = await sectionsOf(readAt, header);
  return {
    machine,
    bits,
    order,
    flags,
    armArchitecture: await armArchitectureOf(readAt, header, sections),
    interpreter:
      interpreter &&
      cString(await exactly(readAt, interpreter.offset, interpreter.size, 'PT_INTERP'), 0),
    needed: await neededOf(readAt, header, segments),
    pie: type === abi.etDyn,
    symbols: symbolTable(sections) !== undefined,
    choosesFunctions: await choosesFunctions(readAt, header, sections),
  };
}

const shown = (bits: number, order: string): string => `${bits} bits, ${order}-endian`;

/** Says in what a program is for another machine; undefined when it is for the platform. */
function otherMachine(elf: Elf, { name, elf: form }: Platform): string | undefined {
  const { machine, bits, order, flags, armArchitecture, choosesFunctions } = elf;
  if (machine !== form.machine) {
    return `it is for machine ${machine}, expected ${form.machine} (${name})`;
  }
  if (bits !== form.bits || order !== form.order) {
    return `it has ${shown(bits, order)}, expected ${shown(form.bits, form.order)} (${name})`;
  }
  const { mask = 0, value = 0 } = form.flags ?? {};
  if ((flags & mask) !== value) {
    const [found, expected] = [flags & mask, value].map((each) => `0x${each.toString(16)}`);
    return `its flags (e_flags) say ${found}, expected ${expected} (${name})${floatHint(machine)}`;
  }
  // A program that chooses functions when it starts has some for newer processors, and runs on older ones.
  if (armArchitecture === undefined || choosesFunctions) return undefined;
  if (form.armArchitectures?.includes(armArchitecture) !== false) return undefined;
  return `it was compiled for a newer processor than ${name} has (Tag_CPU_arch ${armArchitecture}, expected at most ${Math.max(...form.armArchitectures)})`;
}

const floatHint = (machine: number): string =>
  machine === abi.arm ? ': 0x200 is soft float, 0x400 hard float' : '';

/** Says why a program is not what a static recipe promises; empty when it is. */
export function staticProblems(elf: Elf, platform: Platform): string[] {
  const other = otherMachine(elf, platform);
  const problems = other === undefined ? [] : [other];
  if (elf.interpreter !== undefined) {
    problems.push(`it asks for the dynamic loader ${elf.interpreter} (PT_INTERP)`);
  }
  if (elf.needed.length > 0) {
    problems.push(`it needs shared libraries: ${elf.needed.join(', ')} (DT_NEEDED)`);
  }
  return problems;
}
