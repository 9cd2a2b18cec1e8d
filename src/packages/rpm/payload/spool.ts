import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { ioError } from '../../../base/errors.ts';
import type { ByteReader } from '../../../tar/byte-reader.ts';
import type { Content } from '../../../tar/entry.ts';

/** A file that contents are written into, one behind the other. */
export interface Spool {
  /** Copies the next `size` bytes; returns where they are, and their hash where one is wanted. */
  copy(reader: ByteReader, size: number, hash: string | undefined): Promise<Spooled>;
}

/** A content in a spool, and its hash, hexadecimal. */
export interface Spooled {
  readonly content: Content;
  readonly digest: string | undefined;
}

async function write(handle: FileHandle, chunk: Uint8Array, file: string): Promise<void> {
  await handle.writeFile(chunk).catch((error: unknown) => {
    throw ioError(error, 'writing', file);
  });
}

/**
 * Makes `file` (an absolute path that must not exist) for `use` to fill; it is removed when that fails.
 * Errors: NO_SPACE, IO.
 */
export async function withSpool<T>(file: string, use: (spool: Spool) => Promise<T>): Promise<T> {
  const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
    throw ioError(error, 'creating', file);
  });
  let offset = 0;
  const copy: Spool['copy'] = async (reader, size, algorithm) => {
    const hash = algorithm === undefined ? undefined : createHash(algorithm);
    const content = { file, offset, size };
    for (let left = size; left > 0; ) {
      const chunk = await reader.readSome(left);
      if (chunk.length === 0) throw new SyntaxError('the archive is cut short');
      hash?.update(chunk);
      await write(handle, chunk, file);
      left -= chunk.length;
    }
    offset += size;
    return { content, digest: hash?.digest('hex') };
  };
  try {
    return await use({ copy });
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}
