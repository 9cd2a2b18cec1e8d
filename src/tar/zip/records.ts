import type { ByteString } from '../../base/byte-string.ts';
import { refuse, refuseWhole, type Where } from '../format/refusal.ts';

/** Sizes and marks of the records of a zip archive (APPNOTE.TXT 4.3, by PKWARE). */
const ends = { mark: 0x06054b50, size: 22 };
const zip64Locator = { mark: 0x07064b50, size: 20 };
const listed = { mark: 0x02014b50, size: 46 };
export const local = { mark: 0x04034b50, size: 30 };
const longestComment = 0xffff;
/** Most bytes behind the last member in which the end record can begin. */
export const tailSize = ends.size + longestComment;

/** The fields that a member's two records have in common. */
interface CommonFields {
  readonly name: ByteString;
  readonly flags: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes of the contents. */
  readonly size: number;
}

/** A member as the archive's directory lists it. */
export interface ListedMember extends CommonFields {
  /** The system that made it (high byte), and the version of the format. */
  readonly madeBy: number;
  /** Attributes of that system. */
  readonly attributes: number;
  /** Byte offset of its local header. */
  readonly offset: number;
}

/** The place of a zip archive's directory. */
export interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

/** Extra fields that say nothing of a member's name, kind or contents: times, owners, comments, padding. */
const harmless = new Set([0x5455, 0x5855, 0x7875, 0x000a, 0x6375, 0xcafe]);

/** Checks that extra fields are whole, and that none of them gives the member another meaning. */
function checkExtra(extra: Buffer, where: Where): void {
  let at = 0;
  while (at < extra.length) {
    if (at + 4 > extra.length) refuse(where, 'has an extra field that is cut');
    const id = extra.readUInt16LE(at);
    at += 4 + extra.readUInt16LE(at + 2);
    if (at > extra.length) refuse(where, 'has an extra field that is cut');
    if (id === 0x0001) refuse(where, 'is in the zip64 form, which mkbase does not read');
    if (harmless.has(id)) continue;
    const shown = `0x${id.toString(16).padStart(4, '0')}`;
    refuse(
      where,
      `has an extra field ${shown}, which could give it another name or other contents`,
    );
  }
}

function* positionsOf(mark: number, bytes: Buffer): Generator<number> {
  const wanted = Buffer.alloc(4);
  wanted.writeUInt32LE(mark);
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1)) yield at;
}

/** Finds the one end record in the last bytes of an archive. */
function endRecord(tail: Buffer, source: string): number {
  const marks = [...positionsOf(ends.mark, tail)];
  const isWhole = (at: number) =>
    at + ends.size <= tail.length && at + ends.size + tail.readUInt16LE(at + 20) === tail.length;
  const [found, ...others] = marks.filter(isWhole);
  if (found === undefined) {
    refuseWhole(source, 'is no zip archive, or is cut: no end record stands at its end');
  }
  if (others.length > 0 || found !== marks.at(-1)) {
    refuseWhole(
      source,
      'has more than one end record, so that two tools could read it in two ways',
    );
  }
  return found;
}

/** Reads where the directory of an archive of `size` bytes is, out of its last bytes. */
export function readEnd(tail: Buffer, size: number, source: string): Directory {
  const at = endRecord(tail, source);
  const position = size - tail.length + at;
  const locator = at - zip64Locator.size;
  const field = (offset: number) => tail.readUInt16LE(at + offset);
  const [count, directorySize, offset] = [
    field(10),
    tail.readUInt32LE(at + 12),
    tail.readUInt32LE(at + 16),
  ];
  const isLocated = locator >= 0 && tail.readUInt32LE(locator) === zip64Locator.mark;
  if (isLocated || count === 0xffff || directorySize === 0xffffffff || offset === 0xffffffff) {
    refuseWhole(source, 'is in the zip64 form, which mkbase does not read');
  }
  if (field(4) !== 0 || field(6) !== 0 || field(8) !== count) {
    refuseWhole(source, 'is one part of several');
  }
  if (offset + directorySize !== position) {
    refuseWhole(source, `has its directory somewhere else than before its end at byte ${position}`);
  }
  return { offset, size: directorySize, count };
}

const text = (bytes: Buffer): ByteString => bytes.toString('latin1');

/** Reads the directory of an archive, which is all of `bytes`. */
export function readDirectory(bytes: Buffer, { offset, count }: Directory, source: string) {
  const members: ListedMember[] = [];
  let at = 0;
  while (at < bytes.length) {
    const where = { source, offset: offset + at };
    const isRecord = at + listed.size <= bytes.length && bytes.readUInt32LE(at) === listed.mark;
    if (!isRecord) refuse(where, 'is no record of the directory');
    const lengths = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const [nameSize = 0, extraSize = 0, commentSize = 0] = lengths;
    const start = at + listed.size;
    const end = start + nameSize + extraSize + commentSize;
    if (end > bytes.length) refuse(where, 'is cut');
    const name = text(bytes.subarray(start, start + nameSize));
    checkExtra(bytes.subarray(start + nameSize, start + nameSize + extraSize), { ...where, name });
    if (bytes.readUInt16LE(at + 34) !== 0) refuse({ ...where, name }, 'is in another part');
    members.push({
      name,
      madeBy: bytes.readUInt16LE(at + 4),
      flags: bytes.readUInt16LE(at + 8),
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      attributes: bytes.readUInt32LE(at + 38),
      offset: bytes.readUInt32LE(at + 42),
    });
    at = end;
  }
  if (members.length === count) return members;
  return refuseWhole(source, `lists ${members.length} members, and says that it has ${count}`);
}

/** Reads how long a local header is, of whose fixed part `head` holds the bytes. */
export function localSize(head: Buffer, where: Where): number {
  if (head.length < local.size || head.readUInt32LE(0) !== local.mark) {
    refuse(where, 'has no header where the directory says that it has');
  }
  return local.size + head.readUInt16LE(26) + head.readUInt16LE(28);
}

/** Set where the sizes follow the contents. */
const hasDescriptor = 0x0008;

/** Checks that a member's own header says what the directory says of it. */
export function checkLocal(header: Buffer, member: ListedMember, source: string): void {
  const where = { source, offset: member.offset, name: member.name };
  const nameEnd = local.size + header.readUInt16LE(26);
  checkExtra(header.subarray(nameEnd), where);
  const later = (member.flags & hasDescriptor) !== 0;
  const same = (found: number, expected: number) => found === expected || (later && found === 0);
  const agrees: Readonly<Record<string, boolean>> = {
    name: text(header.subarray(local.size, nameEnd)) === member.name,
    flags: header.readUInt16LE(6) === member.flags,
    method: header.readUInt16LE(8) === member.method,
    CRC: same(header.readUInt32LE(14), member.crc),
    'packed size': same(header.readUInt32LE(18), member.packed),
    size: same(header.readUInt32LE(22), member.size),
  };
  const other = Object.keys(agrees).find((field) => agrees[field] === false);
  if (other !== undefined)
    refuse(where, `has another ${other} in its own header than in the directory`);
}

/** Checks the bytes between a member's contents and the next one: its descriptor, or nothing. */
export function checkDescriptor(bytes: Buffer, member: ListedMember, source: string): void {
  const { flags, crc, packed, size, offset, name } = member;
  const values = Buffer.alloc(12);
  for (const [index, value] of [crc, packed, size].entries()) {
    values.writeUInt32LE(value, 4 * index);
  }
  const mark = Buffer.from('PK\x07\x08');
  const accepted =
    (flags & hasDescriptor) === 0 ? [Buffer.alloc(0)] : [values, Buffer.concat([mark, values])];
  if (accepted.some((each) => each.equals(bytes))) return;
  refuse(
    { source, offset, name },
    'is followed by bytes that belong to nothing, or by wrong sizes',
  );
}
