import type { PackedForm } from './compressions.ts';

/** The forms that are made in this process. */
export type InProcess = Exclude<PackedForm, 'xz'>;

type Compressor = (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

const chunkSize = 64 * 1024;
/** The default of gzip(1). */
const gzipLevel = 6;
/** Above it each step takes half as long again for a hundredth less. */
const zstdLevel = 6;

/**
 * Cuts a stream into chunks of `chunkSize` and a last one: the output of some compressors depends on
 * where their input is cut. A chunk is valid until the next is asked for.
 */
async function* evenChunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(chunkSize);
  let used = 0;
  for await (const bytes of source) {
    for (let taken = 0; taken < bytes.length; ) {
      const part = bytes.subarray(taken, taken + chunkSize - used);
      chunk.set(part, used);
      taken += part.length;
      used += part.length;
      if (used < chunkSize) continue;
      yield chunk;
      used = 0;
    }
  }
  if (used > 0) yield chunk.subarray(0, used);
}

/** Compresses a stream as one gzip member (RFC 1952) that names neither a time nor a file. */
async function* gzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Gzip } = await import('fflate');
  let ready: Uint8Array[] = [];
  const encoder = new Gzip({ level: gzipLevel, mtime: 0 }, (bytes) => ready.push(bytes));
  for await (const chunk of evenChunks(source)) {
    // It keeps what it is given until there is enough for a block.
    encoder.push(chunk.slice());
    yield* ready;
    ready = [];
  }
  encoder.push(new Uint8Array(0), true);
  yield* ready;
}

/** Compresses a stream as one Zstandard frame (RFC 8878) without a checksum. One stream at a time. */
async function* zstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Zstd } = await import('@hpcc-js/wasm-zstd');
  const encoder = await Zstd.load();
  try {
    encoder.reset();
    encoder.setCompressionLevel(zstdLevel);
    for await (const chunk of evenChunks(source)) yield encoder.compressChunk(chunk);
    yield encoder.compressEnd();
  } finally {
    await Zstd.unload();
  }
}

/** The compressors; a library is loaded when it is needed. */
const compressors: Readonly<Record<InProcess, Compressor>> = { gzip, zstd };

/**
 * Compresses a stream in flat memory. The output is a function of the input, on any machine and with
 * any Node: Node's own zlib is a fork whose output changes with its version, so it is not used.
 * Chunks are valid until the next is asked for.
 */
export const compress = (
  source: AsyncIterable<Uint8Array>,
  compression: InProcess,
): AsyncIterable<Uint8Array> => compressors[compression](source);
