import { crc32 } from '../../../base/crc32.ts';
import { dictionarySize, lzma2 } from './lzma2.ts';

const magic = Uint8Array.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const footerMagic = Uint8Array.from([0x59, 0x5a]);
/** Stream flags: the check of each block is a CRC-32. */
const flags = Uint8Array.from([0x00, 0x01]);
const checkSize = 4;
const lzma2Filter = 0x21;

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const withCrc = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, uint32(crc32(bytes))]);

const padding = (length: number): Uint8Array => new Uint8Array((4 - (length % 4)) % 4);

/** Encodes an integer in seven bits a byte, the lowest first (1.2). */
function multibyte(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...multibyte(Math.floor(value / 128))];
}

/** The dictionary's size as an exponent: 2^(n/2 + 12), for even n (5.3.1). */
const dictionaryProperty = (Math.log2(dictionarySize) - 12) * 2;

/** Returns a block header with one filter and no sizes (3.1): they are not known yet. */
function blockHeader(): Uint8Array {
  const bytes = [0x00, 0x00, lzma2Filter, 1, dictionaryProperty, 0x00, 0x00, 0x00];
  bytes[0] = (bytes.length + 4) / 4 - 1;
  return withCrc(Uint8Array.from(bytes));
}

function index(unpadded: number, uncompressed: number): Uint8Array {
  const record = [0x00, 1, ...multibyte(unpadded), ...multibyte(uncompressed)];
  return withCrc(Uint8Array.from([...record, ...padding(record.length)]));
}

function footer(indexSize: number): Uint8Array {
  const body = Buffer.concat([uint32(indexSize / 4 - 1), flags]);
  return Buffer.concat([uint32(crc32(body)), body, footerMagic]);
}

/**
 * Compresses a stream as one .xz stream of one block (the .xz file format 1.2.1), with the options
 * that `xz -3` has. The output is a function of the input alone. Takes about 40 MB of memory.
 */
export async function* xz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let uncompressed = 0;
  let check = 0;
  async function* checked(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      uncompressed += chunk.length;
      check = crc32(chunk, check);
      yield chunk;
    }
  }
  yield Buffer.concat([magic, withCrc(flags)]);
  const header = blockHeader();
  yield header;
  let compressed = 0;
  for await (const bytes of lzma2(checked())) {
    compressed += bytes.length;
    yield bytes;
  }
  yield padding(compressed);
  yield uint32(check);
  const records = index(header.length + compressed + checkSize, uncompressed);
  yield records;
  yield footer(records.length);
}
