import { byteReader } from './byte-reader.ts';

/** A piece of a Zstandard stream that decodes to at most one block of 128 KiB. */
export interface ZstdPiece {
  readonly bytes: Uint8Array;
  /** Nothing follows. */
  readonly last: boolean;
}

const magic = 0xfd2fb528;
const skippable = 0x184d2a50;
/**
 * The largest window; dpkg's highest usual level (19) asks for 8 MiB. A decoder holds one window in
 * memory.
 */
const maxWindow = 32 * 1024 * 1024;

/**
 * Cuts a Zstandard stream (RFC 8878) at its block boundaries, so that a decoder which decodes all
 * that it is given holds one block at a time: three bytes can stand for 128 KiB. One frame only, as
 * dpkg writes it. Throws SyntaxError.
 */
export async function* zstdBlocks(source: AsyncIterable<Uint8Array>): AsyncGenerator<ZstdPiece> {
  const reader = byteReader(source);
  const exactly = async (length: number): Promise<Buffer> => {
    const bytes = await reader.read(length);
    if (bytes.length < length) throw new SyntaxError('the stream is cut short');
    return bytes;
  };
  try {
    const start = await exactly(5);
    const descriptor = frameDescriptor(start);
    const rest = await exactly(descriptor.headerRest);
    checkWindow(descriptor.singleSegment ? contentSize(rest, descriptor) : windowSize(rest[0]!));
    let pending = Buffer.concat([start, rest]);
    for (let last = false; !last; ) {
      const header = await exactly(3);
      const block = blockHeader(header.readUIntLE(0, 3));
      last = block.last;
      const body = await exactly(block.stored);
      const checksum = last && descriptor.checksum ? await exactly(4) : Buffer.alloc(0);
      yield { bytes: Buffer.concat([pending, header, body, checksum]), last };
      pending = Buffer.alloc(0);
    }
    if ((await reader.read(1)).length > 0) throw new SyntaxError('bytes follow the frame');
  } finally {
    await reader.close();
  }
}

/** Frame_Header_Descriptor, RFC 8878 section 3.1.1.1.1. */
function frameDescriptor(start: Buffer) {
  const found = start.readUInt32LE(0);
  if (found !== magic) {
    const skip = (found & 0xfffffff0) >>> 0 === skippable;
    throw new SyntaxError(
      skip ? 'it starts with a skippable frame' : 'it has no zstd magic number',
    );
  }
  const flags = start[4]!;
  const singleSegment = (flags & 0x20) !== 0;
  const contentFlag = flags >> 6;
  const contentLength = contentFlag === 0 ? Number(singleSegment) : 1 << contentFlag;
  if ((flags & 0x03) !== 0) throw new SyntaxError('it needs a dictionary');
  if ((flags & 0x08) !== 0) throw new SyntaxError('a reserved bit is set');
  return {
    singleSegment,
    contentLength,
    checksum: (flags & 0x04) !== 0,
    headerRest: Number(!singleSegment) + contentLength,
  };
}

/** Window_Descriptor, RFC 8878 section 3.1.1.1.2. */
function windowSize(byte: number): number {
  const base = 2 ** (10 + (byte >> 3));
  return base + (base / 8) * (byte & 7);
}

/** Frame_Content_Size; two bytes of it count from 256. */
function contentSize(rest: Buffer, { contentLength }: { contentLength: number }): number {
  if (contentLength === 8) return Number(rest.readBigUInt64LE(0));
  return rest.readUIntLE(0, contentLength) + (contentLength === 2 ? 256 : 0);
}

function checkWindow(size: number): void {
  if (size > maxWindow)
    throw new SyntaxError(`its window is ${size} bytes, more than ${maxWindow}`);
}

/** Block_Header, RFC 8878 section 3.1.1.2; `stored` is how many bytes of body follow. */
function blockHeader(header: number): { last: boolean; stored: number } {
  const type = (header >> 1) & 3;
  const size = header >> 3;
  if (type === 3) throw new SyntaxError('a block is of the reserved type');
  if (size > 128 * 1024) throw new SyntaxError(`a block is ${size} bytes, more than 128 KiB`);
  return { last: (header & 1) === 1, stored: type === 1 ? 1 : size };
}
