import { byteReader } from '../../tar/byte-reader.ts';
import { type Compression, decompress, type Limits } from '../../tar/decompress.ts';

/** First bytes of the compressions that makepkg and repo-add write, in hexadecimal. */
const magics: readonly (readonly [string, Compression])[] = [
  ['28b52ffd', 'zst'],
  ['1f8b', 'gz'],
  ['fd377a585a00', 'xz'],
];

const magicBytes = 6;
const chunkBytes = 256 * 1024;

/**
 * Unpacks an archive of pacman's, a package or a database, whose compression its first bytes tell: names of
 * databases do not. Errors: those of the source, and ARCHIVE_REFUSED.
 */
export async function* openArchive(
  source: AsyncIterable<Uint8Array>,
  limits: Limits,
): AsyncGenerator<Uint8Array> {
  const reader = byteReader(source);
  try {
    const head = await reader.readSome(chunkBytes);
    const start = Buffer.from(head.subarray(0, magicBytes)).toString('hex');
    const [, compression = 'none' as const] =
      magics.find(([magic]) => start.startsWith(magic)) ?? [];
    yield* decompress(rest(head, reader), compression, limits);
  } finally {
    await reader.close();
  }
}

async function* rest(
  head: Uint8Array,
  reader: ReturnType<typeof byteReader>,
): AsyncGenerator<Uint8Array> {
  for (let chunk = head; chunk.length > 0; chunk = await reader.readSome(chunkBytes)) yield chunk;
}
