import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf } from '../../base/canonical-json.ts';
import { ioError } from '../../base/errors.ts';
import { sha256OfBytes } from '../../base/hash.ts';
import { packageVersion } from '../../base/package-root.ts';
import { lockText } from '../../lock/lock-file.ts';
import type { Lock } from '../../lock/schema.ts';
import { shippedStates } from '../../packages/keyrings/shipped.ts';
import { makeFolder } from '../../store/make-folder.ts';
import type { OpenBuild } from '../open-build.ts';
import { recipeKeys } from './recipe-keys.ts';

/** The outcome of an earlier proof of a lock, as this user's own state has it. */
export type Memory = 'proven' | 'unproven';

/**
 * Returns the file that remembers a lock. Its name hashes all that a proof hangs on besides the signed
 * bytes: the lock, the recipe's own keys, what is let pass of signatures, and with mkbase's version the keys
 * that ship with it, and which of those are good today. A lock states what the recipe asked for, and is compared
 * with that at each use; it states, too, whether its archive is unsigned.
 */
async function memoryFile({ plan, store, sources }: OpenBuild, lock: Lock): Promise<string> {
  const keys = (await recipeKeys(plan)).map(({ sha256 }) => sha256);
  const states = await shippedStates(sources.image.now);
  const text = lockText(lock);
  const allow = sources.image.allow.filter((each) => each !== 'unsigned-archive').sort();
  const lockSha256 = sha256OfBytes(text);
  const name = digestOf({ lock: lockSha256, keys, states, allow, version: packageVersion });
  return join(store.folder, 'state/locks', name);
}

/** Recalls whether a lock, unchanged to the byte, was proven before. Errors: IO. */
export async function recallLock(open: OpenBuild, lock: Lock): Promise<Memory | undefined> {
  const text = await readFile(await memoryFile(open, lock), 'utf8').catch(() => '');
  return text === 'proven' || text === 'unproven' ? text : undefined;
}

/** Remembers whether a lock was proven, so that the next build need not follow the signatures again. Errors: IO. */
export async function rememberLock(open: OpenBuild, lock: Lock, memory: Memory): Promise<void> {
  const file = await memoryFile(open, lock);
  try {
    await makeFolder(dirname(file));
    await writeFile(file, memory);
  } catch (error) {
    throw ioError(error, 'remembering the lock in', dirname(file));
  }
}
