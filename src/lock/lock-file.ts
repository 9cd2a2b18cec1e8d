import { readFile } from 'node:fs/promises';
import { canonicalJson } from '../canonical-json.ts';
import { ioError, MkbaseError } from '../errors.ts';
import { unsoundField } from './check-lock.ts';
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
  const damaged = (why: string, cause?: unknown) =>
    new MkbaseError({
      code: 'IO',
      message: `${file} is not a lock that this version of mkbase wrote: ${why}.`,
      hint: 'Build with --no-cache to resolve and write it anew.',
      cause,
    });
  try {
    const lock = JSON.parse(text);
    const unsound = unsoundField(lock);
    if (unsound !== undefined) throw damaged(`${unsound} holds what no lock does`);
    if (lockText(lock) !== text)
      throw damaged('it is not in the one form that locks are written in');
    return lock;
  } catch (error) {
    throw error instanceof MkbaseError ? error : damaged('it is no JSON', error);
  }
}
