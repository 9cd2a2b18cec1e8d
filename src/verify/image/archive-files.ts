import { lstat } from 'node:fs/promises';
import { sha256OfStream } from '../../base/hash.ts';
import { bytesOf } from '../../oci/archive-files.ts';

/**
 * Returns the sha256 of a regular file, 64 hexadecimal digits; undefined where there is none, and for a
 * link, a pipe or a device, which are not followed or read.
 */
export async function hashFile(file: string, signal: AbortSignal): Promise<string | undefined> {
  const stats = await lstat(file).catch(() => undefined);
  if (!stats?.isFile()) return undefined;
  return sha256OfStream(bytesOf({ file, offset: 0, size: stats.size }, signal));
}
