import { open, rm } from 'node:fs/promises';
import { ioError } from '../base/errors.ts';
import { hashedStream } from '../base/hash.ts';

/** Bytes on disk. */
export interface HashedFile {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly size: number;
}

/**
 * Writes a stream to `file`, a path of this run's own, and hashes the bytes on their way. It is not flushed
 * to the disk: nobody looks for it after the run, and what leaves is read from it and written anew. On any
 * failure the file is removed. Throws NO_SPACE, IO, and what the stream throws.
 */
export async function writeHashed(
  stream: AsyncIterable<Uint8Array>,
  file: string,
  onProgress: (bytes: number) => void,
): Promise<HashedFile> {
  const { bytes, sha256, size } = hashedStream(stream);
  const handle = await open(file, 'w', 0o666).catch((error: unknown) => {
    throw ioError(error, 'creating', file);
  });
  try {
    try {
      for await (const chunk of bytes) {
        await handle.writeFile(chunk);
        onProgress(size());
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(file, { force: true });
    throw ioError(error, 'writing', file);
  }
  return { sha256: sha256(), size: size() };
}
