import { evenChunks } from './even-chunks.ts';

/** Above it each step takes half as long again for a hundredth less. */
const level = 6;
const chunkSize = 64 * 1024;

/** Compresses a stream as one Zstandard frame (RFC 8878) without a checksum. One stream at a time. */
export async function* zstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Zstd } = await import('@hpcc-js/wasm-zstd');
  const encoder = await Zstd.load();
  try {
    encoder.reset();
    encoder.setCompressionLevel(level);
    for await (const chunk of evenChunks(source, chunkSize)) yield encoder.compressChunk(chunk);
    yield encoder.compressEnd();
  } finally {
    await Zstd.unload();
  }
}
