import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { interrupted, ioError, MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { hashedStream } from '../../base/hash.ts';
import { BlobWriter } from './blob-writer.ts';
import { type BlobRef, blobPath, type Layout } from './layout.ts';

const chunkSize = 256 * 1024;

/**
 * Reads the bytes of a blob and hashes them as they pass. When the hash does not hold, the blob is
 * removed and the stream ends in SOURCE_CORRUPT. Chunks are the reader's to keep.
 */
export async function* readBlob(layout: Layout, sha256: string): AsyncGenerator<Uint8Array> {
  const path = blobPath(layout, sha256);
  const file = await open(path, 'r').catch((error: unknown) => {
    throw isMissing(error) ? missing(sha256) : ioError(error, 'reading', path);
  });
  try {
    const stream = hashedStream(chunks(file, path));
    yield* stream.bytes;
    const actual = stream.sha256();
    if (actual === sha256) return;
    await removeThis(file, path);
    throw damaged(path, sha256, actual);
  } finally {
    await file.close();
  }
}

/**
 * Finds the blob if it is there and whole; a damaged one is removed, with a warning. Errors: IO,
 * INTERRUPTED.
 */
export async function findBlob(
  layout: Layout,
  sha256: string,
  { emit, signal }: Io,
): Promise<BlobRef | undefined> {
  const path = blobPath(layout, sha256);
  if (!(await stat(path).catch(() => undefined))) return undefined;
  let size = 0;
  try {
    for await (const chunk of readBlob(layout, sha256)) {
      if (signal.aborted) throw interrupted(signal);
      size += chunk.length;
    }
  } catch (error) {
    if (!(error instanceof MkbaseError) || error.code !== 'SOURCE_CORRUPT') throw error;
    const warning = { code: 'store-damaged', message: error.message, advice: 'Check the disk.' };
    emit({ type: 'warning', stage: 'fetch', warning });
    return undefined;
  }
  return { sha256, size };
}

/**
 * Stores bytes that must hash to `sha256`. Errors: SOURCE_CORRUPT, NO_SPACE, IO, and the source's
 * own.
 */
export async function writeBlob(
  layout: Layout,
  source: AsyncIterable<Uint8Array>,
  sha256: string,
): Promise<BlobRef> {
  const writer = await BlobWriter.open(layout);
  try {
    for await (const chunk of source) writer.append(chunk);
    if (writer.sha256 !== sha256) throw unexpected(sha256, writer);
    return await writer.publish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

async function* chunks(file: FileHandle, path: string): AsyncGenerator<Uint8Array> {
  for (;;) {
    const buffer = Buffer.allocUnsafe(chunkSize);
    const { bytesRead } = await file.read(buffer, 0, chunkSize, null).catch((error: unknown) => {
      throw ioError(error, 'reading', path);
    });
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Removes the file that was read, but not a whole one that took its name meanwhile. */
async function removeThis(file: FileHandle, path: string): Promise<void> {
  const [read, named] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  if (read.ino === named?.ino) await rm(path, { force: true }).catch(() => undefined);
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

const againHint = 'Run the same command again: it will be fetched again.';

const missing = (sha256: string) =>
  new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `The blob ${sha256} is no longer in the store; something removed it during the run.`,
    hint: againHint,
  });

const damaged = (path: string, expected: string, actual: string) =>
  new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `A stored blob was damaged and has been removed: ${path}\n  expected sha256 ${expected}\n  found    sha256 ${actual}`,
    hint: againHint,
  });

const unexpected = (expected: string, { sha256: actual, size }: BlobRef) =>
  new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `Bytes to be stored are not what was expected.\n  expected sha256 ${expected}\n  found    sha256 ${actual}, ${size} bytes`,
  });
