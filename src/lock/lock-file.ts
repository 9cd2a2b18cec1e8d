import { readFile } from 'node:fs/promises';
import { canonicalJson, digestOf } from '../base/canonical-json.ts';
import { ioError, MkbaseError } from '../base/errors.ts';
import { unsoundField } from './check-lock.ts';
import type { Lock } from './locked.ts';

/** sha256 of each field's canonical form: tells which one was changed after the lock was written. */
const digestsOf = (lock: Lock): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(lock)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, digestOf({ value })]),
  );

/** The lock's one form on disk: canonical JSON, with the digests of its fields. */
export const lockText = (lock: Lock): string =>
  canonicalJson({ ...lock, digests: digestsOf(lock) });

function invalid(file: string, why: string, cause?: unknown): MkbaseError {
  return new MkbaseError({
    code: 'LOCK_INVALID',
    message: `${file} is not a lock that this version of mkbase wrote: ${why}.`,
    hint: 'Take it back from version control, or pin anew with `mkbase update`.',
    cause,
  });
}

/** Throws LOCK_INVALID naming the first field that is not as it was written. */
function checkDigests(file: string, lock: Lock, stated: unknown): void {
  const computed = digestsOf(lock);
  const claimed = (stated ?? {}) as Readonly<Record<string, unknown>>;
  for (const name of new Set([...Object.keys(computed), ...Object.keys(claimed)])) {
    if (claimed[name] === computed[name]) continue;
    throw invalid(file, `"${name}" was changed after it was written`);
  }
  if (digestOf(lock.asked) !== lock.request) {
    throw invalid(file, '"request" is not the digest of "asked"');
  }
}

/**
 * Reads a lock's text; `file` is for messages. Key order, white space and line endings do not matter.
 * Throws LOCK_INVALID, naming the field, for one that was edited or is none.
 */
export function parseLock(text: string, file: string): Lock {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw invalid(file, 'it is no JSON', error);
  }
  const unsound = unsoundField(parsed);
  if (unsound !== undefined) throw invalid(file, `${unsound} holds what no lock does`);
  const { digests, ...lock } = parsed as Lock & { readonly digests?: unknown };
  checkDigests(file, lock, digests);
  return lock;
}

/**
 * Reads a lock that an earlier build wrote; undefined when there is none. Errors: LOCK_INVALID as
 * parseLock; IO when it cannot be read.
 */
export async function readLock(file: string): Promise<Lock | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw ioError(error, 'reading the lock', file);
  });
  return text === undefined ? undefined : parseLock(text, file);
}
