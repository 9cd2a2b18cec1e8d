import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { interrupted, ioError, MkbaseError } from './errors.ts';
import { openToRead } from './host-files.ts';

/** Limits within which a file from outside is read. */
export interface FileLimits {
  /** Most bytes that it may have. */
  readonly most: number;
  /** Follow a symbolic link: only for a file that a person named. */
  readonly follow?: boolean;
}

/** Returns the kind of a file as a person calls it. */
export function fileKind(stats: Stats): string {
  if (stats.isFile()) return 'a regular file';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a named pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

function refuse(path: string, found: string, hint: string): never {
  throw new MkbaseError({ code: 'IO', message: `${path} is ${found}.`, hint });
}

const noLinks =
  'Put the file itself there: links, pipes and devices in a folder from outside are not read.';

/** Errors of open(2) that tell what stands there. */
const kindsByError: Readonly<Record<string, string>> = {
  ELOOP: 'a symbolic link',
  ENXIO: 'a socket',
  EOPNOTSUPP: 'a socket',
};

/**
 * Opens a regular file, never anything else: a link is not followed unless `follow` is set, and a named
 * pipe without a writer does not block. The caller closes it. Errors: IO, also for what is no regular
 * file or has more than `most` bytes; that of open(2) as it is where there is no such file.
 */
export async function openRegular(
  path: string,
  { most, follow = false }: FileLimits,
): Promise<{ readonly handle: FileHandle; readonly size: number }> {
  const handle = await openToRead(path, follow).catch((error: NodeJS.ErrnoException) => {
    const found = kindsByError[error.code ?? ''];
    if (found !== undefined && !(follow && error.code === 'ELOOP')) refuse(path, found, noLinks);
    throw error;
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) refuse(path, `${fileKind(stats)}, not a regular file`, noLinks);
    if (stats.size > most) tooLarge(path, stats.size, most);
    return { handle, size: stats.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function tooLarge(path: string, size: number, most: number): never {
  const found = `too large: ${size} bytes, and at most ${most} are read`;
  return refuse(path, found, 'Name the file that was meant; nothing of that kind is as large.');
}

/** Reads a file to its end; it may have grown since its size was asked for. */
async function readBounded(handle: FileHandle, path: string, size: number, most: number) {
  const bytes = Buffer.alloc(size + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
    length += bytesRead;
    if (length > size) return tooLarge(path, length, Math.min(size, most));
    if (bytesRead === 0) return bytes.subarray(0, length);
  }
}

/**
 * Reads a whole regular file; undefined where there is none. The one reader for files of evidence, keys
 * and locks, whose folder may be hostile. Errors: IO, also for a link (unless `follow`), a pipe, a device,
 * a folder, or more than `most` bytes.
 */
export async function readRegular(path: string, limits: FileLimits): Promise<Buffer | undefined> {
  try {
    const { handle, size } = await openRegular(path, limits);
    try {
      return await readBounded(handle, path, size, limits.most);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw ioError(error, 'reading', path);
  }
}

/** A range of a file, in bytes. */
interface Range {
  readonly offset: number;
  readonly size: number;
}

/** Streams `size` bytes of a regular file from `offset` on, and closes it. Errors as readRegular. */
export async function* regularBytes(
  path: string,
  { offset, size }: Range,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { handle } = await openRegular(path, { most: Number.MAX_SAFE_INTEGER });
  if (size === 0) return handle.close();
  yield* handle.createReadStream({
    start: offset,
    end: offset + size - 1,
    highWaterMark: 256 * 1024,
    ...(signal && { signal }),
  }) as AsyncIterable<Uint8Array>;
}

const pieceSize = 512 * 1024;

/**
 * Streams the same bytes as `regularBytes` through two buffers: while one is looked at, the other is being
 * filled. So a chunk is valid only until the next. Errors as readRegular, and INTERRUPTED.
 */
export async function* borrowedBytes(
  path: string,
  { offset, size }: Range,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { handle } = await openRegular(path, { most: Number.MAX_SAFE_INTEGER });
  const length = Math.min(pieceSize, size);
  let [target, other] = [Buffer.allocUnsafe(length), Buffer.allocUnsafe(length)];
  const fill = (at: number) => {
    const filling = handle.read(target, 0, Math.min(length, size - at), offset + at);
    [target, other] = [other, target];
    // It may fail while nobody waits for it yet.
    filling.catch(() => undefined);
    return filling;
  };
  let next = fill(0);
  try {
    for (let at = 0; at < size; ) {
      const { bytesRead, buffer } = await next;
      if (signal?.aborted) throw interrupted(signal);
      if (bytesRead === 0) return;
      at += bytesRead;
      next = fill(at);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await next.catch(() => undefined);
    await handle.close();
  }
}
