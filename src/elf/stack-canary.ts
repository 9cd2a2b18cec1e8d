import { type DynamicTag, dynamicStrings, type ReadAt, type Segment } from './elf.ts';
import { scan } from './scan.ts';
import { symbolNames } from './symbol-names.ts';

/** As much of a file as was read already. */
export interface ReadHeaders {
  readonly header: Buffer;
  readonly segments: readonly Segment[];
  readonly tags: readonly DynamicTag[];
}

/** What a function with a canary calls when it was overwritten; glibc and musl have it alike. */
const failure = Buffer.from('\0__stack_chk_fail');

const ptLoad = 1;
const executable = 1;
const amd64 = 62;

/**
 * The end of an instruction that takes the canary from where the x86-64 ABI of Linux has it, %fs:0x28
 * (System V ABI, AMD64 supplement, "Thread-local storage"; GCC, -mstack-protector-guard).
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
    if (segment.type !== ptLoad || (segment.flags & executable) === 0) continue;
    if (await scan(readAt, segment, 16, loadsCanary)) return true;
  }
  return false;
}

const names = (bytes: Buffer): boolean => bytes.includes(failure);

/**
 * Whether any function has a stack canary: by the name of what it calls then, in the dynamic or the
 * full symbol table, and in a stripped static program for amd64 by its instructions. Undefined where
 * none of these can tell.
 */
export async function hasStackCanary(
  readAt: ReadAt,
  { header, segments, tags }: ReadHeaders,
): Promise<boolean | undefined> {
  const dynamic = tags.length > 0 ? dynamicStrings(segments, tags) : undefined;
  const full = await symbolNames(readAt, header);
  for (const table of [dynamic, full]) {
    if (table !== undefined && (await scan(readAt, table, failure.length, names))) return true;
  }
  const dynamicallyLinked = dynamic !== undefined && dynamic.size > 1;
  if (full !== undefined || dynamicallyLinked) return false;
  return header.readUInt16LE(18) === amd64 ? inCode(readAt, segments) : undefined;
}
