import { createHash } from 'node:crypto';
import type { ByteString } from '../../../base/byte-string.ts';
import { binaryType, fixedTypes, type IndexEntry, textTypes } from './entry-type.ts';
import { checkIndex, type Region } from './header-index.ts';
import { tags } from './tags.ts';

/** The most that is read of a header: entries of its index, and bytes of its data (rpm allows four times as many). */
export const headerLimits = { entries: 0xffff, data: 64 * 1024 * 1024 } as const;

const entryLength = 16;
const introLength = 16;

/** Magic number, version 1, and four zero bytes. */
const magic = Buffer.from('8eade80100000000', 'hex');

/** The length of a header's index and of its data. */
export interface HeaderSizes {
  readonly entries: number;
  readonly data: number;
}

/** Reads the two lengths that a header states, within the limits. Throws SyntaxError. */
function sizesAt(bytes: Buffer, at: number): HeaderSizes {
  const [entries, data] = [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)];
  if (entries === 0 || entries > headerLimits.entries) {
    throw new SyntaxError(`it states ${entries} entries; at most ${headerLimits.entries} are read`);
  }
  if (data > headerLimits.data) {
    throw new SyntaxError(`it states ${data} bytes; at most ${headerLimits.data} are read`);
  }
  return { entries, data };
}

/** Returns the length of what follows the first 16 bytes of a header. Throws SyntaxError. */
export function headerRest(intro: Buffer): number {
  if (intro.length < introLength) throw new SyntaxError('it is cut short');
  if (!intro.subarray(0, 8).equals(magic)) throw new SyntaxError('it has no magic number');
  const { entries, data } = sizesAt(intro, 8);
  return entries * entryLength + data;
}

/** The tags of a package's header, or of its signatures. Getters throw SyntaxError for another type. */
export class Header {
  /** The bytes that a package's own signatures and digests are made over. */
  readonly bytes: Buffer;
  readonly #data: Buffer;
  readonly #entries: ReadonlyMap<number, IndexEntry>;

  private constructor(
    bytes: Buffer,
    { data, entries }: { data: Buffer; entries: ReadonlyMap<number, IndexEntry> },
  ) {
    this.bytes = bytes;
    this.#data = data;
    this.#entries = entries;
  }

  /** Reads a header as it stands in a package's file: all of it is of its region. Throws SyntaxError. */
  static ofPackage(bytes: Buffer, regionTag: number): Header {
    headerRest(bytes.subarray(0, introLength));
    const { entries: count } = sizesAt(bytes, 8);
    const start = introLength + count * entryLength;
    const checked = checkIndex(
      bytes.subarray(introLength, start),
      bytes.subarray(start),
      regionTag,
    );
    if (checked.region.entries !== count && regionTag === tags.headerImmutable) {
      throw new SyntaxError('it has entries outside of its region, which no signature covers');
    }
    return new Header(bytes, checked);
  }

  /** Reads a header of rpm's database, which has no magic number and entries that were added. Throws SyntaxError. */
  static ofDatabase(blob: Buffer): Header {
    if (blob.length < 8) throw new SyntaxError('it is cut short');
    const { entries, data } = sizesAt(blob, 0);
    const start = 8 + entries * entryLength;
    if (blob.length !== start + data) throw new SyntaxError('it is not as long as it states');
    const index = blob.subarray(8, start);
    const checked = checkIndex(index, blob.subarray(start), tags.headerImmutable);
    return new Header(asBuilt(index, checked), checked);
  }

  has(tag: number): boolean {
    return this.#entries.has(tag);
  }

  /** Returns the digest by which rpm's database knows the package: sha256 over the header, hexadecimal. */
  digest(): string {
    return createHash('sha256').update(this.bytes).digest('hex');
  }

  #entry(tag: number, types: readonly number[]): IndexEntry | undefined {
    const entry = this.#entries.get(tag);
    if (entry === undefined || types.includes(entry.type)) return entry;
    throw new SyntaxError(`tag ${tag} is of type ${entry.type}, not ${types.join(' or ')}`);
  }

  /** Returns all texts of a tag, byte for byte; none when it is absent. */
  texts(tag: number): ByteString[] {
    const entry = this.#entry(tag, Object.values(textTypes));
    const texts: ByteString[] = [];
    let at = entry?.offset ?? 0;
    for (let left = entry?.count ?? 0; left > 0; left -= 1) {
      const end = this.#data.indexOf(0, at);
      texts.push(this.#data.toString('latin1', at, end));
      at = end + 1;
    }
    return texts;
  }

  /** Returns the first text of a tag as UTF-8; undefined when it is absent. */
  text(tag: number): string | undefined {
    const entry = this.#entry(tag, Object.values(textTypes));
    if (entry === undefined) return undefined;
    return this.#data.toString('utf8', entry.offset, this.#data.indexOf(0, entry.offset));
  }

  /** Returns all whole numbers of a tag of 16, 32 or 64 bits; none when it is absent. */
  numbers(tag: number): number[] {
    const entry = this.#entry(tag, [3, 4, 5]);
    if (entry === undefined) return [];
    const { size } = fixedTypes[entry.type]!;
    return Array.from({ length: entry.count }, (_, index) => {
      const at = entry.offset + index * size;
      if (size === 8) return Number(this.#data.readBigUInt64BE(at));
      return this.#data.readUIntBE(at, size);
    });
  }

  /** Returns the bytes of a tag; undefined when it is absent. */
  binary(tag: number): Buffer | undefined {
    const entry = this.#entry(tag, [binaryType]);
    return entry && this.#data.subarray(entry.offset, entry.offset + entry.count);
  }
}

/** Returns the region of a header in the database as it stands in the package's file. */
function asBuilt(index: Buffer, { data, region }: { data: Buffer; region: Region }): Buffer {
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32BE(region.entries, 0);
  sizes.writeUInt32BE(region.data, 4);
  const entries = index.subarray(0, region.entries * entryLength);
  return Buffer.concat([magic, sizes, entries, data.subarray(0, region.data)]);
}
