import type { Io } from '../../../base/events.ts';
import type { Platform } from '../../../base/platform.ts';
import type { LockedDebs } from '../locked-debs.ts';
import { storedRelease } from './chain.ts';
import type { DebianContext } from './debian-context.ts';

/** The forms in which an index may be stored, smallest first. */
const endings = ['.xz', '.gz', ''] as const;

/** An index in the store. */
export interface IndexBlob {
  readonly sha256: string;
  readonly name: string;
}

/**
 * Finds the Packages files that locked packages were chosen from, each in the smallest form that the store
 * has; files that it does not have are left out. Throws SOURCE_UNTRUSTED.
 */
export async function indexBlobs(
  { indexes }: Pick<LockedDebs, 'indexes'>,
  platform: Platform,
  context: DebianContext,
  io: Io,
): Promise<IndexBlob[]> {
  const found: IndexBlob[] = [];
  for (const index of indexes) {
    const release = await storedRelease(index, context, io);
    for (const component of index.components) {
      for (const ending of endings) {
        const path = `${component}/binary-${platform.debian}/Packages${ending}`;
        const sha256 = release?.files.get(path)?.sha256;
        if (sha256 === undefined || !(await context.store.verify(sha256, io))) continue;
        found.push({ sha256, name: `${index.suite}/${path}`.replaceAll('/', '_') });
        break;
      }
    }
  }
  return found;
}
