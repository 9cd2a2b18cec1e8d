import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import { sha256OfStream } from '../../base/hash.ts';
import { mostBytesOf } from '../../evidence/file-limits.ts';
import { passingBytesOf } from '../../oci/archive-files.ts';

/**
 * Returns the sha256 of a file of evidence, 64 hexadecimal digits; undefined where there is none, and for a
 * link, a pipe, a device or one beyond the limit for its kind, which are not followed or read.
 */
export async function hashFile(file: string, signal: AbortSignal): Promise<string | undefined> {
  const stats = await lstat(file).catch(() => undefined);
  if (!stats?.isFile() || stats.size > mostBytesOf(basename(file))) return undefined;
  return sha256OfStream(passingBytesOf({ file, offset: 0, size: stats.size }, signal));
}
