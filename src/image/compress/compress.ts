import type { Compression } from './compressions.ts';

type Compressor = (source: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** Loaded when they are needed. */
const compressors: Readonly<Record<Compression, () => Promise<Compressor>>> = {
  none: async () => (source) => source,
  gzip: async () => (await import('./gzip.ts')).gzip,
  zstd: async () => (await import('./zstd.ts')).zstd,
  xz: async () => (await import('./xz/xz.ts')).xz,
};

/**
 * Compresses a stream in flat memory. What comes out follows from what goes in, on any machine and
 * with any Node: its own zlib is a fork whose output changes with its version, so it is not used.
 * Chunks are valid until the next is asked for.
 */
export async function* compress(
  source: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  const compressor = await compressors[compression]();
  yield* compressor(source);
}
