import { MkbaseError } from '../base/errors.ts';
import { abi, forms } from './abi.ts';

/** Reads `length` bytes at `offset`, fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

/** A range of a file. */
export interface FileRange {
  readonly offset: number;
  readonly size: number;
}

/** A table of a file: where it starts, the size of an entry in bytes, and the number of entries. */
interface Table {
  readonly offset: number;
  readonly entrySize: number;
  readonly count: number;
}

/** The header of an ELF file (gABI, "ELF Header"). */
export interface ElfHeader {
  readonly bits: 32 | 64;
  readonly order: 'little' | 'big';
  readonly type: number;
  readonly machine: number;
  /** e_flags, whose meaning is each processor's own. */
  readonly flags: number;
  readonly segments: Table;
  readonly sections: Table;
}

/** Makes the error of a file that claims to be ELF and is damaged, or could be read in two ways. */
export function broken(what: string): MkbaseError {
  return new MkbaseError({ code: 'BUILD_OUTPUT', message: `Not a whole ELF file: ${what}.` });
}

/** More bytes than a table of any program has. */
const mostBytes = 1024 * 1024;

/** Reads exactly `length` bytes. Errors: BUILD_OUTPUT. */
export async function exactly(readAt: ReadAt, offset: number, length: number, what: string) {
  if (length > mostBytes) throw broken(`${what} claims ${length} bytes`);
  const bytes = await readAt(offset, length);
  if (bytes.length < length) throw broken(`${what} at offset ${offset} is cut short`);
  return bytes;
}

/** Reads numbers out of a table of a file, in the file's byte order. */
export interface Numbers {
  readonly u16: (at: number) => number;
  readonly u32: (at: number) => number;
  /** A number of the file's class: 4 or 8 bytes. */
  readonly word: (at: number) => number;
  readonly signedWord: (at: number) => bigint;
}

/** Returns what reads numbers out of bytes of a file. */
export function numbersIn(
  bytes: Buffer,
  { bits, order }: Pick<ElfHeader, 'bits' | 'order'>,
): Numbers {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = order === 'little';
  const u32 = (at: number) => view.getUint32(at, little);
  const wide = bits === 64;
  return {
    u16: (at) => view.getUint16(at, little),
    u32,
    word: (at) => (wide ? Number(view.getBigUint64(at, little)) : u32(at)),
    signedWord: (at) => (wide ? view.getBigInt64(at, little) : BigInt(view.getInt32(at, little))),
  };
}

const headerSize = 64;

type Identity = Pick<ElfHeader, 'bits' | 'order'>;

/** Reads class and byte order; undefined for others than the two that there are. */
function identify(bytes: Buffer): Identity | undefined {
  const [bits, order] = [bytes[4], bytes[5]];
  if ((bits !== 1 && bits !== 2) || (order !== 1 && order !== 2)) return undefined;
  return { bits: bits === 1 ? 32 : 64, order: order === 1 ? 'little' : 'big' };
}

/** Says whether a file is one that Linux or a loader runs: a program or a shared library. */
export const isLoadable = ({ type }: Pick<ElfHeader, 'type'>): boolean =>
  type === abi.etExec || type === abi.etDyn;

/**
 * Refuses a file that Linux, which on most machines looks at e_type and e_machine alone, would run in a
 * class or byte order that the file does not claim.
 */
function checkForm(bytes: Buffer, identity: Identity | undefined): void {
  for (const order of ['little', 'big'] as const) {
    const { u16 } = numbersIn(bytes, { bits: 64, order });
    const machine = u16(18);
    const form = forms.get(machine);
    if (!isLoadable({ type: u16(16) }) || !form?.orders.includes(order)) continue;
    if (identity?.order === order && form.bits.includes(identity.bits)) continue;
    const claimed = identity ? `${identity.bits} bits, ${identity.order}-endian` : 'no known class';
    const known = `${form.bits.join(' or ')} bits, ${form.orders.join('- or ')}-endian`;
    throw broken(`it claims ${claimed}, for machine ${machine}, which has ${known}`);
  }
}

/**
 * Reads the header of a file; undefined for one that is not ELF. A file may be shorter than its header: as
 * Linux does, this takes the rest for zeros. Errors: BUILD_OUTPUT for a class that its machine has not.
 */
export async function readHeader(readAt: ReadAt): Promise<ElfHeader | undefined> {
  const found = await readAt(0, headerSize);
  if (!found.subarray(0, 4).equals(abi.magic)) return undefined;
  const bytes = Buffer.concat([found, Buffer.alloc(headerSize - found.length)]);
  const identity = identify(bytes);
  checkForm(bytes, identity);
  if (identity === undefined) return undefined;
  const { u16, u32, word } = numbersIn(bytes, identity);
  const wide = identity.bits === 64;
  const sizes = wide ? 54 : 42;
  return {
    ...identity,
    type: u16(16),
    machine: u16(18),
    flags: u32(wide ? 48 : 36),
    segments: { offset: word(wide ? 32 : 28), entrySize: u16(sizes), count: u16(sizes + 2) },
    sections: { offset: word(wide ? 40 : 32), entrySize: u16(sizes + 4), count: u16(sizes + 6) },
  };
}
