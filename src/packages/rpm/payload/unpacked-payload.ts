import type { ByteReader } from '../../../tar/byte-reader.ts';
import { byteReader } from '../../../tar/byte-reader.ts';
import {
  type Compression,
  decompress,
  type Limits,
  type OldCompression,
} from '../../../tar/decompress.ts';
import type { Header } from '../package/header.ts';
import { tags } from '../package/tags.ts';

/** Compressions by the names that headers have for them. */
const compressors: Readonly<Record<string, Compression | OldCompression>> = {
  gzip: 'gz',
  bzip2: 'bz2',
  lzma: 'lzma',
  xz: 'xz',
  zstd: 'zst',
};

async function* restOf(first: Buffer, rest: ByteReader): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (;;) {
    const chunk = await rest.readSome(256 * 1024);
    if (chunk.length === 0) return;
    yield chunk;
  }
}

/**
 * Returns a package's payload as it is unpacked. A header that names no compressor is of a package that has
 * none, or, as rpm reads it, gzip. Throws SyntaxError for a compressor or a form that is not known.
 */
export async function unpackedPayload(
  header: Header,
  rest: ByteReader,
  limits: Limits,
): Promise<ByteReader> {
  const format = header.text(tags.payloadFormat) ?? 'cpio';
  if (format !== 'cpio')
    throw new SyntaxError(`its payload is ${JSON.stringify(format)}, not cpio`);
  const named = header.text(tags.payloadCompressor);
  const first = named === undefined ? await rest.read(2) : Buffer.alloc(0);
  const unnamed = first.toString('hex') === '1f8b' ? 'gz' : 'none';
  const compression = named === undefined ? unnamed : compressors[named];
  if (compression === undefined || (named !== undefined && !Object.hasOwn(compressors, named))) {
    throw new SyntaxError(`its payload is compressed with ${JSON.stringify(named)}`);
  }
  return byteReader(decompress(restOf(first, rest), compression, limits));
}
