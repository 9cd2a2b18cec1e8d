import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { hashBytes, maxNumber, type NameTable, nameTableBuilder } from '../../name-table.ts';

/** Offsets of the stanzas of an index file; stanzas are numbered from 0 in the order of the file. */
export interface ScannedIndex {
  /** sha256 of the whole file, hexadecimal. */
  readonly sha256: string;
  /** First byte of each stanza. */
  readonly starts: ArrayLike<number>;
  /** Byte after the last one of each stanza. */
  readonly ends: ArrayLike<number>;
  /** `Package` → stanzas. */
  readonly names: NameTable;
  /** Name of a virtual package → stanzas that provide it. */
  readonly provided: NameTable;
}

const bufferSize = 4 * 1024 * 1024;
const packageField = Buffer.from('Package: ');
const stanzaEnd = Buffer.from('\n\n');
const provides = Buffer.from('\nProvides: ');

/** A stanza in a buffer: bytes `start` to `end`, which lie `base` bytes into the file. */
interface Stanza {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly base: number;
  /** The place at which the list of the names that it provides begins, if it has one. */
  readonly provides: number | undefined;
}

/**
 * Reads an index once, from front to back, in flat memory: only hashes and offsets stay. Throws
 * SyntaxError for a stanza that does not begin with its package's name, as those of every Debian
 * archive do.
 */
export async function scanIndex(file: FileHandle): Promise<ScannedIndex> {
  const starts: number[] = [];
  const ends: number[] = [];
  const names = nameTableBuilder();
  const provided = nameTableBuilder();
  const hash = createHash('sha256');
  await eachStanza(
    file,
    (bytes) => hash.update(bytes),
    (stanza) => {
      const { bytes, start, end, base } = stanza;
      const number = starts.length;
      if (number >= maxNumber) throw new SyntaxError(`it has more than ${maxNumber} stanzas`);
      starts.push(base + start);
      ends.push(base + end);
      const nameStart = start + packageField.length;
      names.add(hashBytes(bytes, nameStart, lineEnd(bytes, nameStart, end)), number);
      eachProvided(stanza, (from, to) => provided.add(hashBytes(bytes, from, to), number));
    },
  );
  const sha256 = hash.digest('hex');
  return { sha256, starts, ends, names: names.build(), provided: provided.build() };
}

/** Reads the names of all packages in an index again, since only messages need them. */
export async function packageNames(file: FileHandle): Promise<Set<string>> {
  const names = new Set<string>();
  await eachStanza(
    file,
    () => {},
    ({ bytes, start, end }) => {
      const nameStart = start + packageField.length;
      names.add(bytes.toString('latin1', nameStart, lineEnd(bytes, nameStart, end)));
    },
  );
  return names;
}

/**
 * Reads the names of all packages that have a line (`Priority: required`) in their stanza; of several stanzas of
 * one name the last one counts.
 */
export async function packagesWith(file: FileHandle, line: string): Promise<Set<string>> {
  const wanted = Buffer.from(`\n${line}\n`);
  const names = new Set<string>();
  let searched: Buffer | undefined;
  let next = -1;
  await eachStanza(
    file,
    () => {},
    ({ bytes, start, end }) => {
      if (bytes !== searched || (next >= 0 && next < start)) next = bytes.indexOf(wanted, start);
      searched = bytes;
      const nameStart = start + packageField.length;
      const name = bytes.toString('latin1', nameStart, lineEnd(bytes, nameStart, end));
      if (next >= 0 && next < end) names.add(name);
      else names.delete(name);
    },
  );
  return names;
}

async function eachStanza(
  file: FileHandle,
  onBytes: (bytes: Buffer) => void,
  onStanza: (stanza: Stanza) => void,
): Promise<void> {
  const buffer = Buffer.allocUnsafe(bufferSize);
  let kept = 0;
  let position = 0;
  for (let atEnd = false; !atEnd; ) {
    const { bytesRead } = await file.read(buffer, kept, bufferSize - kept, position);
    atEnd = bytesRead === 0;
    onBytes(buffer.subarray(kept, kept + bytesRead));
    const filled = buffer.subarray(0, kept + bytesRead);
    const used = splitStanzas(filled, position - kept, atEnd, onStanza);
    position += bytesRead;
    kept = filled.length - used;
    if (kept === bufferSize) throw new SyntaxError(`a stanza is longer than ${bufferSize} bytes`);
    buffer.copyWithin(0, used, filled.length);
  }
}

/** Hands on the whole stanzas of `bytes`; returns the number of bytes that they take. */
function splitStanzas(
  bytes: Buffer,
  base: number,
  atEnd: boolean,
  onStanza: (stanza: Stanza) => void,
): number {
  const listsIn = providesIn(bytes);
  let start = 0;
  while (start < bytes.length) {
    // More than one empty line may stand between stanzas (deb822(5)).
    if (bytes[start] === 0x0a) {
      start += 1;
      continue;
    }
    const mark = bytes.indexOf(stanzaEnd, start);
    if (mark < 0 && !atEnd) return start;
    const end = mark < 0 ? bytes.length : mark;
    if (
      packageField.compare(bytes, start, Math.min(start + packageField.length, bytes.length)) !== 0
    ) {
      const found = bytes.toString('latin1', start, Math.min(start + 40, end));
      throw new SyntaxError(`a stanza begins with ${JSON.stringify(found)}`);
    }
    onStanza({ bytes, start, end, base, provides: listsIn(start, end) });
    start = mark < 0 ? end : mark + stanzaEnd.length;
  }
  return start;
}

function lineEnd(bytes: Buffer, start: number, end: number): number {
  const newline = bytes.indexOf(0x0a, start);
  return newline < 0 || newline > end ? end : newline;
}

/** Finds the lists of provided names; asked for one stanza after another, it searches the bytes once. */
function providesIn(bytes: Buffer) {
  let next = bytes.indexOf(provides);
  return (start: number, end: number): number | undefined => {
    if (next >= 0 && next < start) next = bytes.indexOf(provides, start);
    return next >= 0 && next < end ? next + provides.length : undefined;
  };
}

const isBlank = (byte: number): boolean => byte <= 0x20;
/** A name ends at a blank, at the colon before an architecture, and at the bracket before a version. */
const endsName = (byte: number): boolean => isBlank(byte) || byte === 0x3a || byte === 0x28;

/** Hands on where each name that a stanza provides begins and ends. */
function eachProvided(
  { bytes, end, provides: from }: Stanza,
  onName: (from: number, to: number) => void,
): void {
  if (from === undefined) return;
  const last = lineEnd(bytes, from, end);
  for (let at = from; at < last; ) {
    const comma = bytes.indexOf(0x2c, at);
    const next = comma < 0 || comma > last ? last : comma;
    while (at < next && isBlank(bytes[at]!)) at += 1;
    let nameEnd = at;
    while (nameEnd < next && !endsName(bytes[nameEnd]!)) nameEnd += 1;
    onName(at, nameEnd);
    at = next + 1;
  }
}
