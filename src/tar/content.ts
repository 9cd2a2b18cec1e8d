import { closeSync, constants, openSync, read, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ioError, MkbaseError } from '../base/errors.ts';
import type { Content } from './entry.ts';

/** Reads contents piece by piece, keeping a few files open. */
export interface ContentReader {
  /**
   * Fills `target` with the content's bytes from `position` on. Resolves at once, without a
   * promise, for small pieces. Throws IO when the content is shorter than it says.
   */
  fill(content: Content, position: number, target: Uint8Array): undefined | Promise<void>;
  close(): void;
}

/** Enough for a rootfs made of one spooled archive for each package. */
const openLimit = 128;
/** From the page cache such a read takes microseconds, less than a round trip to a worker thread. */
const smallRead = 64 * 1024;

/** Opening a named pipe that took the file's place must not wait for a writer. */
const readOnly = constants.O_RDONLY | constants.O_NONBLOCK;

const readAsync = promisify(read);

/** Returns the length of a content in bytes. */
export const contentSize = (content: Content): number =>
  'bytes' in content ? content.bytes.length : content.size;

const tooShort = (file: string, position: number): MkbaseError =>
  new MkbaseError({
    code: 'IO',
    message: `${file} ends at byte ${position}, in the middle of a file's content.`,
    hint: 'Something changed it while it was read; run the same command again.',
  });

async function fillSlowly(fd: number, file: string, position: number, target: Uint8Array) {
  for (let filled = 0; filled < target.length; ) {
    const left = target.length - filled;
    const reading = readAsync(fd, target, filled, left, position + filled);
    const { bytesRead } = await reading.catch((error: unknown) => {
      throw ioError(error, 'reading', file);
    });
    if (bytesRead === 0) throw tooShort(file, position + filled);
    filled += bytesRead;
  }
}

function fillNow(fd: number, file: string, position: number, target: Uint8Array): undefined {
  for (let filled = 0; filled < target.length; ) {
    const left = target.length - filled;
    const bytesRead = readSync(fd, target, filled, left, position + filled);
    if (bytesRead === 0) throw tooShort(file, position + filled);
    filled += bytesRead;
  }
}

/** Makes a reader, which opens files as it needs them; `close` closes them all. */
export function contentReader(): ContentReader {
  const descriptors = new Map<string, number>();

  /** The file used longest ago makes room for another. */
  function descriptorOf(file: string): number {
    const known = descriptors.get(file);
    if (known !== undefined) descriptors.delete(file);
    const fd = known ?? openSync(file, readOnly);
    descriptors.set(file, fd);
    const [oldest] = descriptors;
    if (oldest !== undefined && descriptors.size > openLimit) {
      descriptors.delete(oldest[0]);
      closeSync(oldest[1]);
    }
    return fd;
  }

  function fill(content: Content, position: number, target: Uint8Array): undefined | Promise<void> {
    if ('bytes' in content) {
      target.set(content.bytes.subarray(position, position + target.length));
      return undefined;
    }
    const start = content.offset + position;
    try {
      const fd = descriptorOf(content.file);
      if (target.length <= smallRead) return fillNow(fd, content.file, start, target);
      return fillSlowly(fd, content.file, start, target);
    } catch (error) {
      throw ioError(error, 'reading', content.file);
    }
  }

  return {
    fill,
    close: () => {
      for (const fd of descriptors.values()) closeSync(fd);
      descriptors.clear();
    },
  };
}

/** The longest text that Node can hold, in characters (2^29 - 24). */
const mostWhole = 536_870_888;

/**
 * Reads a whole content, for files that are small unless somebody means harm: one that no text could hold is
 * refused with ARCHIVE_REFUSED. Errors: IO.
 */
export async function readContent(content: Content): Promise<Buffer> {
  const size = contentSize(content);
  if (size > mostWhole) {
    throw new MkbaseError({
      code: 'ARCHIVE_REFUSED',
      message: `A file of ${size} bytes would have to be read whole; at most ${mostWhole} are.`,
      hint: 'A package or a command has made a list far larger than any: look for it below /etc and in the databases of packages.',
    });
  }
  const bytes = Buffer.alloc(size);
  const reader = contentReader();
  try {
    await reader.fill(content, 0, bytes);
    return bytes;
  } finally {
    reader.close();
  }
}

/** So many bytes of a file are read at once. */
const pieceSize = 256 * 1024;

/**
 * Reads a file from its beginning to its end. Each chunk is valid only until the next is asked for: so no
 * garbage is made, however large the file is. Errors: IO.
 */
export async function* fileBytes(file: string): AsyncGenerator<Uint8Array> {
  const piece = Buffer.allocUnsafeSlow(pieceSize);
  const handle = await open(file, readOnly).catch((error: unknown) => {
    throw ioError(error, 'reading', file);
  });
  try {
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, pieceSize, null);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } catch (error) {
    throw ioError(error, 'reading', file);
  } finally {
    await handle.close();
  }
}
