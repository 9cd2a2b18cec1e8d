import { sha256OfBytes } from '../base/hash.ts';
import { lockedBlobs } from './blobs.ts';
import type { Lock } from './locked.ts';

/**
 * A digest of what a lock pins, 64 hexadecimal digits: the sha256 of what `sha256sum` would print of
 * the inputs, sorted. Mirrors, indexes and their dates are not in it: from wherever and whenever the
 * same bytes come, it is the same.
 */
export function inputsDigest(lock: Lock): string {
  const lines = lockedBlobs(lock).map(({ sha256, name }) => `${sha256}  ${name}\n`);
  return sha256OfBytes(lines.sort().join(''));
}
