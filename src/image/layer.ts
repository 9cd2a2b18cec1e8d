import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { ioError, MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { hashedStream } from '../base/hash.ts';
import { openRegular } from '../base/regular-file.ts';
import { bytesOf, type FilePart } from '../oci/archive-files.ts';
import { writeNewFile } from '../store/write-whole-file.ts';
import { decompress } from '../tar/decompress.ts';
import { type Compression, forms, type LayerCompression } from './compress/compressions.ts';

/** Large enough that hashing and not the event loop sets the pace. */
const chunkSize = 1024 * 1024;

/**
 * Reads a part in chunks that share one piece of memory and are valid until the next is asked for: a
 * stream would allocate as many as the garbage collector lets lie.
 */
async function* borrowedBytes({ file, offset, size }: FilePart): AsyncGenerator<Uint8Array> {
  const { handle } = await openRegular(file, { most: Number.MAX_SAFE_INTEGER, follow: true });
  const memory = new Uint8Array(chunkSize);
  const end = offset + size;
  try {
    for (let at = offset; at < end; ) {
      const { bytesRead } = await handle.read(memory, 0, Math.min(chunkSize, end - at), at);
      if (bytesRead === 0) return;
      yield memory.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/**
 * Reads a part in chunks that are valid until the next is asked for. IMAGE_MISMATCH before the end
 * when its bytes no longer have its digest.
 */
export const checkedBytes = (part: FilePart): AsyncGenerator<Uint8Array> =>
  checked(part, borrowedBytes(part));

async function* checked(
  part: FilePart,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  const found = `sha256:${hash.digest('hex')}`;
  if (found === part.sha256) return;
  throw new MkbaseError({
    code: 'IMAGE_MISMATCH',
    message: `${part.file} changed after it was hashed: expected ${part.sha256}, found ${found}.`,
    hint: 'Run the same command again; if it happens again, test the disk and the memory.',
  });
}

/** A layer as an archive holds it. */
export interface StoredLayer extends FilePart {
  readonly compression: LayerCompression;
  /** `sha256:<hex>` of its tar. */
  readonly diffId: string;
}

/** Equals readTar's own limit. */
const largestTar = 16 * 1024 ** 3;

/** Unpacks a layer, for a reader that bounds nothing but its length: a tar may be zeros for the most part. */
const unpacked = (
  { compression, ...part }: FilePart & { readonly compression: Compression },
  signal: AbortSignal,
): AsyncIterable<Uint8Array> =>
  // Decoders keep what they are given for a while.
  decompress(checked(part, bytesOf(part, signal)), forms[compression], {
    maxBytes: largestTar,
    maxRatio: Number.POSITIVE_INFINITY,
    what: part.file,
    signal,
  });

/**
 * Reads the tar of a layer. IMAGE_MISMATCH before the end when it is not that of its diffID; ARCHIVE_REFUSED for a
 * damaged stream, IO.
 */
export async function* tarBytes(
  layer: FilePart & { readonly compression: Compression; readonly diffId: string },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { bytes, sha256 } = hashedStream(unpacked(layer, signal));
  yield* bytes;
  const found = `sha256:${sha256()}`;
  if (found === layer.diffId) return;
  throw new MkbaseError({
    code: 'IMAGE_MISMATCH',
    message: `A layer of ${layer.file} unpacks to another tar than its diffID names: expected ${layer.diffId}, found ${found}.`,
    hint: 'Build or copy it again; if it happens again, test the disk and the memory.',
  });
}

/** Unpacks a layer to see that it is that of its diffID. Errors as `tarBytes`. */
export async function checkTar(
  layer: Parameters<typeof tarBytes>[0],
  signal: AbortSignal,
): Promise<void> {
  for await (const _ of tarBytes(layer, signal));
}

/** Writes the tar of a layer to a new file. IMAGE_MISMATCH, ARCHIVE_REFUSED, IO, NO_SPACE. */
export async function extractLayer(layer: StoredLayer, dest: string, io: Io): Promise<void> {
  try {
    await writeNewFile(dest, tarBytes(layer, io.signal), io.signal);
  } catch (error) {
    await rm(dest, { force: true });
    throw ioError(error, 'writing', dest);
  }
}
