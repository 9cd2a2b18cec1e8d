import { evenChunks } from './even-chunks.ts';

/** gzip(1)'s default. */
const level = 6;
const chunkSize = 64 * 1024;

/** Compresses a stream as one gzip member (RFC 1952) that names neither a time nor a file. */
export async function* gzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Gzip } = await import('fflate');
  let ready: Uint8Array[] = [];
  const encoder = new Gzip({ level, mtime: 0 }, (bytes) => ready.push(bytes));
  for await (const chunk of evenChunks(source, chunkSize)) {
    // It keeps what it is given until there is enough for a block.
    encoder.push(chunk.slice());
    yield* ready;
    ready = [];
  }
  encoder.push(new Uint8Array(0), true);
  yield* ready;
}
