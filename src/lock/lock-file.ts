import { readFile } from 'node:fs/promises';
import { canonicalJson } from '../canonical-json.ts';
import { ioError, MkbaseError } from '../errors.ts';
import type { Lock } from './locked.ts';

/** The lock's one form on disk. */
export const lockText = (lock: Lock): string => canonicalJson(lock);

/**
 * Reads a lock that an earlier build wrote; undefined when there is none. Errors: IO when it cannot
 * be read or is no lock of this version.
 */
export async function readLock(file: string): Promise<Lock | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw ioError(error, 'reading the lock', file);
  });
  if (text === undefined) return undefined;
  const damaged = (cause?: unknown) =>
    new MkbaseError({
      code: 'IO',
      message: `${file} is not a lock that this version of mkbase wrote.`,
      hint: 'Build with --no-cache to resolve and write it anew.',
      cause,
    });
  try {
    const lock = JSON.parse(text) as Lock;
    if (lock.lockVersion !== 1 || lockText(lock) !== text) throw damaged();
    return lock;
  } catch (error) {
    throw error instanceof MkbaseError ? error : damaged(error);
  }
}
