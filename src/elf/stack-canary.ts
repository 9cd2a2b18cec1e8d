import { abi } from './abi.ts';
import { type DynamicTag, dynamicStrings } from './dynamic.ts';
import type { ElfHeader, FileRange, ReadAt } from './header.ts';
import { sectionsOf, symbolTable } from './sections.ts';
import type { Segment } from './segments.ts';

/** As much of a file as was read already. */
export interface ReadHeaders {
  readonly header: ElfHeader;
  readonly segments: readonly Segment[];
  readonly tags: readonly DynamicTag[];
}

/** The function that one with a canary calls when it was overwritten; glibc and musl have it alike. */
const failure = Buffer.from('\0__stack_chk_fail');

/**
 * The end of an instruction that takes the canary from where the x86-64 ABI of Linux has it,
 * %fs:0x28 (System V ABI, AMD64 supplement, "Thread-local storage"; GCC, -mstack-protector-guard).
 */
const canaryAddress = Buffer.from([0x25, 0x28, 0, 0, 0]);
const fsPrefix = 0x64;

/** `64 REX opcode modrm 25 28 00 00 00`, with a register to or against which it is moved. */
function loadsCanary(bytes: Buffer): boolean {
  let at = bytes.indexOf(canaryAddress);
  for (; at >= 0; at = bytes.indexOf(canaryAddress, at + 1)) {
    const modrm = bytes[at - 1] ?? 0;
    const rex = bytes[at - 3] ?? 0;
    if (bytes[at - 4] === fsPrefix && (rex & 0xf8) === 0x48 && (modrm & 0xc7) === 0x04) return true;
  }
  return false;
}

async function inCode(readAt: ReadAt, segments: readonly Segment[]): Promise<boolean> {
  for (const segment of segments) {
    if (segment.type !== abi.ptLoad || (segment.flags & abi.pfExecutable) === 0) continue;
    if (await scan(readAt, segment, 16, loadsCanary)) return true;
  }
  return false;
}

const names = (bytes: Buffer): boolean => bytes.includes(failure);

const chunk = 64 * 1024;

/**
 * Tells whether `isThere` finds its bytes in a range of a file. The range is read in pieces that
 * overlap by `overlap` bytes, so those bytes must not be more.
 */
async function scan(
  readAt: ReadAt,
  range: FileRange,
  overlap: number,
  isThere: (bytes: Buffer) => boolean,
): Promise<boolean> {
  const end = range.offset + range.size;
  for (let at = range.offset; at < end; at += chunk) {
    const bytes = await readAt(at, Math.min(chunk + overlap, end - at));
    if (bytes.length === 0) return false;
    if (isThere(bytes)) return true;
  }
  return false;
}

/**
 * Tells whether any function has a stack canary: by the name of the function that it calls then, in
 * the dynamic or the full symbol table, and in a stripped static program for amd64 by its
 * instructions. Undefined where none of these can tell.
 */
export async function hasStackCanary(
  readAt: ReadAt,
  { header, segments, tags }: ReadHeaders,
): Promise<boolean | undefined> {
  const dynamic = tags.length > 0 ? dynamicStrings(segments, tags) : undefined;
  const full = symbolTable(await sectionsOf(readAt, header))?.names;
  for (const table of [dynamic, full]) {
    if (table !== undefined && (await scan(readAt, table, failure.length, names))) return true;
  }
  const dynamicallyLinked = dynamic !== undefined && dynamic.size > 1;
  if (full !== undefined || dynamicallyLinked) return false;
  return header.machine === abi.amd64 ? inCode(readAt, segments) : undefined;
}
