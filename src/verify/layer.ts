import { createHash } from 'node:crypto';
import { MkbaseError } from '../base/errors.ts';
import { readPaths } from '../evidence/mtree/read-paths.ts';
import type { FilePart } from '../oci/read-layout.ts';
import { type Compression, decompress } from '../tar/decompress.ts';
import type { Mismatch } from './check.ts';
import type { FoundLayer } from './found-image.ts';
import { bytesOf } from './parts.ts';

/** As readTar's own limit. */
const maxBytes = 16 * 1024 ** 3;

/** First bytes of the compressed forms that a layer may have (RFC 1952, RFC 8878, the .xz file format). */
const magics: readonly (readonly [magic: string, compression: Compression])[] = [
  ['1f8b', 'gz'],
  ['28b52ffd', 'zst'],
  ['fd377a585a00', 'xz'],
];

async function compressionOf(part: FilePart, signal: AbortSignal): Promise<Compression> {
  const head = { ...part, size: Math.min(part.size, 6) };
  let first = '';
  for await (const chunk of bytesOf(head, signal)) first += Buffer.from(chunk).toString('hex');
  return magics.find(([magic]) => first.startsWith(magic))?.[1] ?? 'none';
}

/** Passes bytes on, and knows afterwards how many they were and what they hash to. */
function counted(bytes: AsyncIterable<Uint8Array>) {
  const hash = createHash('sha256');
  let size = 0;
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }
  return { bytes: pass(), result: () => ({ diffId: `sha256:${hash.digest('hex')}`, size }) };
}

/** The tar inside; undefined with what is wrong when it cannot be read. Errors of reading the disk pass. */
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

/** Reads a rootfs's tar, compressed or not, to its end. `name` is what it is, for messages. */
export async function readLayer(
  part: FilePart,
  name: string,
  signal: AbortSignal,
): Promise<{ readonly layer?: FoundLayer; readonly mismatches: readonly Mismatch[] }> {
  const compression = await compressionOf(part, signal);
  const limits = { maxBytes, what: name, signal };
  const whole = counted(decompress(bytesOf(part, signal), compression, limits));
  const { paths, mismatches } = await pathsIn(whole.bytes, name);
  if (paths !== undefined) return { layer: { part, ...whole.result(), paths }, mismatches };
  if (compression !== 'none') return { mismatches };
  return { layer: { part, diffId: part.sha256, size: part.size }, mismatches };
}
