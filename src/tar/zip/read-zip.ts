import { type FileHandle, open, rm } from 'node:fs/promises';
import { type InflateRaw, inflateRawSync } from 'node:zlib';
import type { ByteString } from '../../base/byte-string.ts';
import { crc32 } from '../../base/crc32.ts';
import { interrupted, ioError } from '../../base/errors.ts';
import { ratioFloor, usualRatio } from '../decompress.ts';
import type { Entry } from '../entry.ts';
import { refuse, refuseWhole } from '../format/refusal.ts';
import { parentOf, targetProblem } from '../names.ts';
import { type ZipMember, zipMember } from './member.ts';
import {
  checkDescriptor,
  checkLocal,
  type ListedMember,
  local,
  localSize,
  readDirectory,
  readEnd,
  tailSize,
} from './records.ts';

/** Limits of an archive, and its name in messages. */
export interface ZipOptions {
  readonly source: string;
  /** Most bytes of all contents. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Most bytes of one member's contents, which are held in memory. */
const largestMember = 512 * 1024 ** 2;

async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** A member, and where its contents are. */
interface Placed extends ZipMember {
  readonly contentOffset: number;
}

/**
 * Finds the contents of each member, by its own header. Members stand one after another from the first
 * byte up to the directory, so that none overlap and no bytes belong to nothing.
 */
async function place(
  handle: FileHandle,
  members: readonly ListedMember[],
  end: number,
  source: string,
): Promise<Placed[]> {
  const inOrder = [...members].sort((a, b) => a.offset - b.offset);
  const [first] = inOrder;
  if ((first?.offset ?? end) !== 0) refuseWhole(source, 'has bytes before its first member');
  const placed: Placed[] = [];
  for (const [index, member] of inOrder.entries()) {
    const { offset, name, packed } = member;
    const where = { source, offset, name };
    const next = inOrder[index + 1]?.offset ?? end;
    const size = localSize(await readAt(handle, offset, local.size), where);
    const contentOffset = offset + size;
    if (contentOffset + packed > next) refuse(where, 'reaches into what follows it');
    checkLocal(await readAt(handle, offset, size), member, source);
    const after = contentOffset + packed;
    // A descriptor is far shorter; a longer gap is refused whatever is in it.
    checkDescriptor(await readAt(handle, after, Math.min(next - after, 64)), member, source);
    placed.push({ ...zipMember(member, source), contentOffset });
  }
  return placed;
}

/** Refuses names that come twice, and names below what is no folder. */
function checkTree(members: readonly ZipMember[], source: string): void {
  const types = new Map<ByteString, ZipMember['type']>();
  for (const { path, type, offset } of members) {
    if (types.has(path)) refuse({ source, offset, name: path }, 'is there twice');
    types.set(path, type);
  }
  for (const { path, offset } of members) {
    for (let parent = parentOf(path); parent !== ''; parent = parentOf(parent)) {
      const type = types.get(parent) ?? 'directory';
      if (type !== 'directory') refuse({ source, offset, name: path }, `lies below a ${type}`);
    }
  }
}

function checkSizes(members: readonly ZipMember[], archive: number, options: ZipOptions): void {
  const { source, maxBytes } = options;
  const total = members.reduce((sum, { size }) => sum + size, 0);
  if (total > maxBytes) refuseWhole(source, `unpacks to more than ${maxBytes} bytes`);
  if (total > ratioFloor && total > archive * usualRatio) {
    refuseWhole(source, `unpacks to more than ${usualRatio} times its size`);
  }
  for (const { size, packed, offset, name } of members) {
    if (Math.max(size, packed) <= largestMember) continue;
    refuse({ source, offset, name }, `has more than ${largestMember} bytes`);
  }
}

/** Inflates contents; undefined unless all of `packed`, and nothing less or more, makes `size` bytes. */
function inflate(packed: Buffer, size: number): Buffer | undefined {
  try {
    const limit = { maxOutputLength: Math.max(1, size), info: true };
    const result: unknown = inflateRawSync(packed, limit);
    const { buffer, engine } = result as { readonly buffer: Buffer; readonly engine: InflateRaw };
    return engine.bytesWritten === packed.length && buffer.length === size ? buffer : undefined;
  } catch {
    return undefined;
  }
}

async function contentsOf(handle: FileHandle, member: Placed, source: string): Promise<Buffer> {
  const { method, size, crc, packed, contentOffset, offset, name } = member;
  const stored = await readAt(handle, contentOffset, packed);
  const bytes = method === 0 ? stored : inflate(stored, size);
  if (bytes?.length === size && crc32(bytes) === crc) return bytes;
  return refuse({ source, offset, name }, 'has contents that are not of its size and CRC');
}

/** Returns a member as an entry, whose contents start at `offset` of `file`. */
function entryOf(
  member: Placed,
  bytes: Buffer,
  file: string,
  offset: number,
  source: string,
): Entry {
  const { path, type, mode, name } = member;
  // Times of a zip archive are of an unknown time zone.
  const common = { path, mode, uid: 0, gid: 0, mtime: 0, xattrs: [] };
  if (type === 'directory') return { ...common, type };
  const size = bytes.length;
  if (type === 'file') return { ...common, type, size, content: { file, offset, size } };
  const target = bytes.toString('latin1');
  const problem = targetProblem(target);
  if (problem !== undefined) {
    refuse({ source, offset: member.offset, name }, `is a link whose target ${problem}`);
  }
  return { ...common, type, mode: 0o777, target };
}

async function readMembers(handle: FileHandle, options: ZipOptions): Promise<Placed[]> {
  const { source } = options;
  const { size } = await handle.stat();
  const tail = await readAt(handle, Math.max(0, size - tailSize), Math.min(size, tailSize));
  const directory = readEnd(tail, size, source);
  const bytes = await readAt(handle, directory.offset, directory.size);
  const members = readDirectory(bytes, directory, source);
  const placed = await place(handle, members, directory.offset, source);
  checkTree(placed, source);
  checkSizes(placed, size, options);
  return placed;
}

/**
 * Reads a zip archive (`zip`, an absolute path), writes its contents to `file` (an absolute path that must
 * not exist) and returns its entries, whose contents are ranges of that file. Modes are 755 and 644,
 * owners 0:0, times 0. Throws ARCHIVE_REFUSED for an archive that is damaged, encrypted, beyond a limit,
 * in the zip64 form, or could be read in two ways: its directory, its members' own headers and the bytes
 * between them have to agree. Source: APPNOTE.TXT 6.3, by PKWARE. Errors: NO_SPACE, IO, INTERRUPTED.
 */
export async function spoolZip(zip: string, file: string, options: ZipOptions): Promise<Entry[]> {
  const { source, signal } = options;
  const handle = await open(zip).catch((error: unknown) => {
    throw ioError(error, 'reading', zip);
  });
  try {
    const members = await readMembers(handle, options);
    const spool = await open(file, 'wx', 0o600).catch((error: unknown) => {
      throw ioError(error, 'creating', file);
    });
    try {
      const entries: Entry[] = [];
      let written = 0;
      for (const member of members) {
        if (signal.aborted) throw interrupted(signal);
        const bytes = await contentsOf(handle, member, source);
        const entry = entryOf(member, bytes, file, written, source);
        if (entry.path !== '') entries.push(entry);
        if (entry.type !== 'file') continue;
        await spool.writeFile(bytes).catch((error: unknown) => {
          throw ioError(error, 'writing', file);
        });
        written += bytes.length;
      }
      return entries;
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    } finally {
      await spool.close();
    }
  } finally {
    await handle.close();
  }
}
