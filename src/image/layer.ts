import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { ioError, MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { openRegular } from '../base/regular-file.ts';
import type { FilePart } from '../oci/archive-files.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import { writeNewFile } from '../store/write-whole-file.ts';

/** Large enough that hashing and not the event loop sets the pace. */
const chunkSize = 1024 * 1024;

/**
 * Reads a part in chunks that share one piece of memory and are valid until the next is asked for: a
 * stream would allocate as many as the garbage collector lets lie.
 */
async function* bytesOf({ file, offset, size }: FilePart): AsyncGenerator<Uint8Array> {
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
export async function* checkedBytes(part: FilePart): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of bytesOf(part)) {
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

/** Reads a rootfs's tar in chunks that are valid until the next is asked for. IMAGE_MISMATCH, IO. */
export const layerBytes = ({ tar, diffId, size }: Rootfs): AsyncGenerator<Uint8Array> =>
  checkedBytes({ file: tar, offset: 0, size, sha256: diffId });

/** Writes a layer, an uncompressed tar, to a new file. IMAGE_MISMATCH, IO, NO_SPACE. */
export async function extractLayer(layer: FilePart, dest: string, io: Io): Promise<void> {
  try {
    await writeNewFile(dest, checkedBytes(layer), io.signal);
  } catch (error) {
    await rm(dest, { force: true });
    throw ioError(error, 'writing', dest);
  }
}
