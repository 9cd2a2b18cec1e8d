import { MkbaseError } from '../../base/errors.ts';
import { hashedStream } from '../../base/hash.ts';
import { readPaths } from '../../evidence/mtree/read-paths.ts';
import type { FilePart } from '../../oci/archive-files.ts';
import { bytesOf } from '../../oci/archive-files.ts';
import { type Compression, decompress } from '../../tar/decompress.ts';
import type { Entry } from '../../tar/entry.ts';
import { readTar } from '../../tar/read.ts';
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

/** Returns how a layer is compressed, by its first bytes. */
export async function compressionOf(part: FilePart, signal: AbortSignal): Promise<Compression> {
  const head = { ...part, size: Math.min(part.size, 6) };
  let first = '';
  for await (const chunk of bytesOf(head, signal)) first += Buffer.from(chunk).toString('hex');
  return magics.find(([magic]) => first.startsWith(magic))?.[1] ?? 'none';
}

/** Reads the paths of a tar; without `paths` where it cannot be read. Throws errors of reading the disk. */
async function pathsIn(bytes: AsyncIterable<Uint8Array>, name: string) {
  try {
    return { paths: await readPaths(bytes, name), mismatches: [] };
  } catch (error) {
    if (!(error instanceof MkbaseError) || error.code !== 'ARCHIVE_REFUSED') throw error;
    const at = /at byte (\d+)/.exec(error.message)?.[1];
    const field = at === undefined ? 'tar' : `byte ${at} of the tar`;
    const mismatch = { file: name, field, claimed: error.message, computed: 'a canonical tar' };
    return { mismatches: [mismatch] };
  }
}

/** Reads a rootfs's tar, compressed or not, to its end. `name` stands for it in messages. */
export async function readLayer(
  part: FilePart,
  name: string,
  signal: AbortSignal,
): Promise<{ readonly layer?: FoundLayer; readonly mismatches: readonly Mismatch[] }> {
  const compression = await compressionOf(part, signal);
  const limits = { maxBytes, what: name, signal };
  const whole = hashedStream(decompress(bytesOf(part, signal), compression, limits));
  const { paths, mismatches } = await pathsIn(whole.bytes, name);
  if (paths !== undefined) {
    const layer = { part, diffId: `sha256:${whole.sha256()}`, size: whole.size(), paths };
    return { layer, mismatches };
  }
  if (compression !== 'none') return { mismatches };
  return { layer: { part, diffId: part.sha256, size: part.size }, mismatches };
}

/**
 * Returns the entries of a layer, with their contents as ranges of the file on disk; undefined for a
 * layer that is stored compressed. `name` stands for it in messages.
 */
export async function layerEntries(
  { part, size }: FoundLayer,
  name: string,
  signal: AbortSignal,
): Promise<Entry[] | undefined> {
  if (part.size !== size) return undefined;
  const entries: Entry[] = [];
  for await (const { entry, contentOffset } of readTar(bytesOf(part, signal), { source: name })) {
    if (entry.type !== 'file') entries.push(entry);
    else {
      const content = { file: part.file, offset: part.offset + contentOffset, size: entry.size };
      entries.push({ ...entry, content });
    }
  }
  return entries;
}
