import { MkbaseError } from '../../base/errors.ts';
import { hashedStream } from '../../base/hash.ts';
import { type Contents, contentsReader } from '../../evidence/inventory/contents.ts';
import type { PathRecord } from '../../evidence/mtree/path-record.ts';
import { type ReadMember, readPaths } from '../../evidence/mtree/read-paths.ts';
import { bytesOf, type FilePart, passingBytesOf, type Range } from '../../oci/archive-files.ts';
import { type Compression, decompress } from '../../tar/decompress.ts';
import type { Mismatch } from '../report.ts';
import type { FoundLayer } from './found-image.ts';

/** Equals readTar's own limit. */
const maxBytes = 16 * 1024 ** 3;

/** First bytes of the compressed forms that a layer may have (RFC 1952, RFC 8878, the .xz file format). */
const magics: readonly (readonly [magic: string, compression: Compression])[] = [
  ['1f8b', 'gz'],
  ['28b52ffd', 'zst'],
  ['fd377a585a00', 'xz'],
];

const longestMagic = 6;

/** Returns how bytes are compressed, by the first of them. */
export function compressionIn(bytes: Uint8Array): Compression {
  const first = Buffer.from(bytes.subarray(0, longestMagic)).toString('hex');
  return magics.find(([magic]) => first.startsWith(magic))?.[1] ?? 'none';
}

/** Returns how a layer is compressed. */
export async function compressionOf(part: FilePart, signal: AbortSignal): Promise<Compression> {
  const head = { ...part, size: Math.min(part.size, longestMagic) };
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytesOf(head, signal)) chunks.push(chunk);
  return compressionIn(Buffer.concat(chunks));
}

/** A rootfs's tar that was read, as far as it could be. */
export interface ReadTar {
  /** Undefined when it is no tar that can be read. */
  readonly paths?: readonly PathRecord[];
  /** The same paths with their contents, where those are ranges of a file. */
  readonly contents?: Contents;
  readonly mismatches: readonly Mismatch[];
}

/** Reads the paths of a tar; without `paths` where it cannot be read. Throws errors of reading the disk. */
async function readTarPaths(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  read?: ReadMember,
): Promise<ReadTar> {
  try {
    return { paths: await readPaths(bytes, name, read), mismatches: [] };
  } catch (error) {
    if (!(error instanceof MkbaseError) || error.code !== 'ARCHIVE_REFUSED') throw error;
    const at = /at byte (\d+)/.exec(error.message)?.[1];
    const field = at === undefined ? 'tar' : `byte ${at} of the tar`;
    const mismatch = { file: name, field, claimed: error.message, computed: 'a canonical tar' };
    return { mismatches: [mismatch] };
  }
}

/** Reads a tar that is not compressed, whose first byte is at a place on disk. */
export async function readPlainTar(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  place: Pick<Range, 'file' | 'offset'>,
): Promise<ReadTar> {
  const { contents, read } = contentsReader(place);
  const tar = await readTarPaths(bytes, name, read);
  return tar.paths === undefined ? tar : { ...tar, contents };
}

/**
 * Reads a rootfs's tar, compressed or not, to its end. `name` stands for it in messages; `seen` is what was
 * read of it while it was hashed.
 */
export async function readLayer(
  part: FilePart,
  name: string,
  signal: AbortSignal,
  seen?: ReadTar,
): Promise<{ readonly layer?: FoundLayer; readonly mismatches: readonly Mismatch[] }> {
  const compression = seen ? 'none' : await compressionOf(part, signal);
  if (compression === 'none') {
    const plain = seen ?? (await readPlainTar(passingBytesOf(part, signal), name, part));
    const { mismatches, ...read } = plain;
    return { layer: { part, diffId: part.sha256, size: part.size, ...read }, mismatches };
  }
  const limits = { maxBytes, what: name, signal };
  const whole = hashedStream(decompress(bytesOf(part, signal), compression, limits));
  const { paths, mismatches } = await readTarPaths(whole.bytes, name);
  if (paths === undefined) return { mismatches };
  const layer = { part, diffId: `sha256:${whole.sha256()}`, size: whole.size(), paths };
  return { layer, mismatches };
}
