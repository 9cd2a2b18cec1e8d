import { type BitReader, bitReader } from './bit-reader.ts';
import { readBlock } from './block.ts';

const blockUnit = 100_000;
const pieceLength = 256 * 1024;

/** Table of the checksum of 32 bits with the highest bit first. */
const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc;
});

/** Undoes the transform: links each byte to the one that follows it. Returns the index of the first. */
function linkBlock(block: Uint32Array, length: number, origin: number): number {
  if (origin >= length) throw new SyntaxError('a block starts behind its end');
  const starts = new Uint32Array(257);
  for (let at = 0; at < length; at += 1) starts[(block[at]! & 0xff) + 1]! += 1;
  for (let byte = 0; byte < 256; byte += 1) starts[byte + 1]! += starts[byte]!;
  for (let at = 0; at < length; at += 1) {
    const byte = block[at]! & 0xff;
    const place = starts[byte]!;
    starts[byte] = place + 1;
    block[place] = block[place]! | (at << 8);
  }
  return block[origin]! >>> 8;
}

/**
 * Yields a block's bytes, runs undone: the byte after four equal ones says how many more there are. Throws
 * SyntaxError where its checksum is another.
 */
function* plainBlock(
  block: Uint32Array,
  { length, first, crc }: { length: number; first: number; crc: number },
): Generator<Uint8Array> {
  let piece = new Uint8Array(pieceLength);
  let filled = 0;
  let found = -1;
  let at = first;
  let before = -1;
  let equal = 0;
  for (let index = 0; index < length; index += 1) {
    const value = block[at]!;
    const byte = value & 0xff;
    at = value >>> 8;
    const isCount = equal === 4;
    equal = !isCount && byte === before ? equal + 1 : Number(!isCount);
    const out = isCount ? before : byte;
    for (let times = isCount ? byte : 1; times > 0; times -= 1) {
      piece[filled] = out;
      filled += 1;
      found = (found << 8) ^ crcTable[(found >>> 24) ^ out]!;
    }
    before = isCount ? -1 : byte;
    if (filled > pieceLength - 256) {
      yield piece.subarray(0, filled);
      piece = new Uint8Array(pieceLength);
      filled = 0;
    }
  }
  if (~found !== crc) throw new SyntaxError('the checksum of a block is another');
  yield piece.subarray(0, filled);
}

const read32 = (bits: BitReader): number => (bits.read(16) << 16) | bits.read(16);

/** Yields what a stream of blocks holds, and returns when its end mark was read. Throws SyntaxError. */
function* stream(bits: BitReader): Generator<Uint8Array> {
  const level = bits.read(8) - 0x30;
  if (level < 1 || level > 9) throw new SyntaxError('its block size is of no bzip2 stream');
  const block = new Uint32Array(level * blockUnit);
  let combined = 0;
  for (;;) {
    const [high, low] = [bits.read(24), bits.read(24)];
    const crc = read32(bits);
    if (high === 0x177245 && low === 0x385090) {
      if (crc !== combined) throw new SyntaxError('the checksum of the stream is another');
      return;
    }
    if (high !== 0x314159 || low !== 0x265359) throw new SyntaxError('a block has no mark');
    if (bits.read(1) === 1)
      throw new SyntaxError('a block is randomised, which no bzip2 since 0.9.5 does');
    const origin = bits.read(24);
    const length = readBlock(bits, block);
    yield* plainBlock(block, { length, first: linkBlock(block, length, origin), crc });
    combined = ((combined << 1) | (combined >>> 31)) ^ crc;
  }
}

/** Unpacks one bzip2 stream or several; nothing else may follow. Throws SyntaxError. */
export function* bunzip2(bytes: Uint8Array): Generator<Uint8Array> {
  const bits = bitReader(bytes);
  do {
    if (bits.read(24) !== 0x425a68) throw new SyntaxError('it has no bzip2 magic number');
    yield* stream(bits);
  } while (bits.align() < bytes.length);
}
