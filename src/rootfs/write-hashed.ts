import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { ioError } from '../base/errors.ts';

/** Bytes on disk. */
export interface HashedFile {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly size: number;
}

/**
 * Writes a stream to `file`, flushes it to the disk, and hashes the bytes on their way. On any
 * failure the file is removed. Throws NO_SPACE, IO, and what the stream throws.
 */
export async function writeHashed(
  stream: AsyncIterable<Uint8Array>,
  file: string,
  onProgress: (bytes: number) => void,
): Promise<HashedFile> {
  const hash = createHash('sha256');
  let size = 0;
  const handle = await open(file, 'w', 0o666).catch((error: unknown) => {
    throw ioError(error, 'creating', file);
  });
  try {
    try {
      for await (const chunk of stream) {
        hash.update(chunk);
        await handle.writeFile(chunk);
        size += chunk.length;
        onProgress(size);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(file, { force: true });
    throw ioError(error, 'writing', file);
  }
  return { sha256: hash.digest('hex'), size };
}
