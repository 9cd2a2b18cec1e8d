/** A stream of chunks, read by the number of bytes wanted. */
export interface ByteReader {
  /** The number of bytes read so far. */
  readonly position: number;
  /** Reads `length` bytes, fewer only at the end of the stream. The caller owns them. */
  read(length: number): Promise<Buffer>;
  /** Reads at least one and at most `length` bytes; none at the end. Valid until the next call. */
  readSome(length: number): Promise<Uint8Array>;
  /** Lets go of the stream, wherever it stands. */
  close(): Promise<void>;
}

/** Reads `source`, which may reuse a chunk's memory once the next one has been asked for. */
export function byteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let rest: Uint8Array = Buffer.alloc(0);
  let position = 0;

  async function readSome(length: number): Promise<Uint8Array> {
    while (rest.length === 0) {
      const next = await iterator.next();
      if (next.done) return rest;
      rest = next.value;
    }
    const bytes = rest.subarray(0, length);
    rest = rest.subarray(bytes.length);
    position += bytes.length;
    return bytes;
  }

  async function read(length: number): Promise<Buffer> {
    const target = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const bytes = await readSome(length - filled);
      if (bytes.length === 0) break;
      target.set(bytes, filled);
      filled += bytes.length;
    }
    return target.subarray(0, filled);
  }

  return {
    get position() {
      return position;
    },
    read,
    readSome,
    close: async () => {
      await iterator.return?.();
    },
  };
}
