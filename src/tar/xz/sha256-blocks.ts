import { crc32 } from '../../base/crc32.ts';
import { type ByteReader, byteReader } from '../byte-reader.ts';
import { type BlockSizes, indexBytes } from './block-index.ts';

/** Is told of a stream whose blocks have checks by SHA-256. */
export interface OnChecks {
  /** Called before the first block. */
  begin(): void;
  /** Called at the end of each block: the length of what it unpacks to, and the sha256 of that. */
  add(size: number, sha256: Buffer): void;
}

const headerLength = 12;
const checkLength = 32;
/** Stream flags (xz file format, 2.1.1.2) of a check by SHA-256, and of none. */
const sha256Flags = Buffer.from([0, 10]);
const noFlags = Buffer.from([0, 0]);

async function exactly(reader: ByteReader, length: number): Promise<Buffer> {
  const bytes = await reader.read(length);
  if (bytes.length < length) throw new SyntaxError('the stream is cut short');
  return bytes;
}

const crcOf = (bytes: Buffer): Buffer => {
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(crc32(bytes));
  return crc;
};

/** Passes on one chunk of LZMA2 (its control byte has been read); returns its length packed and unpacked. */
async function* chunk(
  reader: ByteReader,
  control: Buffer,
): AsyncGenerator<Buffer, [number, number]> {
  const kind = control[0]!;
  if (kind > 2 && kind < 0x80) throw new SyntaxError('a chunk is of no kind of LZMA2');
  const isPacked = kind >= 0x80;
  const head = await exactly(reader, isPacked ? (kind >= 0xc0 ? 5 : 4) : 2);
  const unpacked = isPacked
    ? ((kind & 0x1f) << 16) + head.readUInt16BE(0) + 1
    : head.readUInt16BE(0) + 1;
  const stored = isPacked ? head.readUInt16BE(2) + 1 : unpacked;
  yield Buffer.concat([control, head, await exactly(reader, stored)]);
  return [1 + head.length + stored, unpacked];
}

/** Passes on a block without its check (xz file format, 3); `first` is its first byte. */
async function* block(
  reader: ByteReader,
  first: Buffer,
  checks: OnChecks,
): AsyncGenerator<Buffer, BlockSizes> {
  const header = Buffer.concat([first, await exactly(reader, first[0]! * 4 + 3)]);
  yield header;
  let packed = 1;
  let unpacked = 0;
  for (;;) {
    const control = await exactly(reader, 1);
    if (control[0] === 0) {
      yield control;
      break;
    }
    const [length, size] = yield* chunk(reader, control);
    packed += length;
    unpacked += size;
  }
  yield await exactly(reader, (4 - (packed % 4)) % 4);
  checks.add(unpacked, await exactly(reader, checkLength));
  return { unpadded: header.length + packed, unpacked };
}

/** Reads index and footer, which must be those of the blocks; passes on those of blocks without checks. */
async function* ending(reader: ByteReader, blocks: readonly BlockSizes[]): AsyncGenerator<Buffer> {
  const checked = blocks.map((each) => ({ ...each, unpadded: each.unpadded + checkLength }));
  const expected = indexBytes(checked);
  const found = await exactly(reader, expected.length - 1);
  if (!found.equals(expected.subarray(1))) throw new SyntaxError('its index is of other blocks');
  const footer = await exactly(reader, headerLength);
  if (!footer.equals(footerOf(expected, sha256Flags)))
    throw new SyntaxError('its footer is another');
  const index = indexBytes(blocks);
  yield index;
  yield footerOf(index, noFlags);
}

function footerOf(index: Buffer, flags: Buffer): Buffer {
  const backward = Buffer.alloc(4);
  backward.writeUInt32LE(index.length / 4 - 1);
  const body = Buffer.concat([backward, flags]);
  return Buffer.concat([crcOf(body), body, Buffer.from('YZ')]);
}

async function* others(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (;;) {
    const bytes = await reader.readSome(256 * 1024);
    if (bytes.length === 0) return;
    yield bytes;
  }
}

/**
 * Passes on an .xz stream, one with checks by SHA-256 as one without checks: rpm makes such streams, and
 * XZ Embedded does not read them. `checks` is told what each of them should be. Throws SyntaxError.
 */
export async function* withoutSha256(
  source: AsyncIterable<Uint8Array>,
  checks: OnChecks,
): AsyncGenerator<Uint8Array> {
  const reader = byteReader(source);
  try {
    const header = await reader.read(headerLength);
    const flags = header.subarray(6, 8);
    if (!flags.equals(sha256Flags) || !crcOf(flags).equals(header.subarray(8))) {
      yield header;
      return yield* others(reader);
    }
    checks.begin();
    yield Buffer.concat([header.subarray(0, 6), noFlags, crcOf(noFlags)]);
    const blocks: BlockSizes[] = [];
    for (;;) {
      const first = await exactly(reader, 1);
      if (first[0] === 0) break;
      blocks.push(yield* block(reader, first, checks));
    }
    yield* ending(reader, blocks);
    yield* others(reader);
  } finally {
    await reader.close();
  }
}
