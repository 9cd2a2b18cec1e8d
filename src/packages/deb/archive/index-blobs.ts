import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import type { Platform } from '../../../base/platform.ts';
import type { LockedIndex } from '../locked-debs.ts';
import type { DebianContext } from './debian-context.ts';
import { contextFor, type SourceSuite } from './extra-source.ts';
import { pinnedRelease } from './pinned-release.ts';

/** The forms in which an index may be stored, smallest first. */
const endings = ['.xz', '.gz', ''] as const;

/** An index in the store. */
export interface IndexBlob {
  readonly sha256: string;
  readonly name: string;
}

/** Returns the files that a stored Release file lists; undefined where it is not stored. */
async function filesOf(index: LockedIndex, context: DebianContext, io: Io) {
  try {
    return (await pinnedRelease(index, { ...context, offline: true }, io)).release.files;
  } catch (error) {
    if (error instanceof MkbaseError && error.code === 'OFFLINE') return undefined;
    throw error;
  }
}

/**
 * Finds the files that signed indexes name and that locked inputs were chosen from, each in the smallest
 * form that the store has; those that it does not have are left out. `pathsOf` returns the paths below
 * the suite's folder. Throws SOURCE_UNTRUSTED.
 */
export async function indexBlobs(
  indexes: readonly LockedIndex[],
  pathsOf: (index: LockedIndex) => readonly string[],
  own: DebianContext,
  io: Io,
  sources: readonly SourceSuite[] = [],
): Promise<IndexBlob[]> {
  const found: IndexBlob[] = [];
  for (const index of indexes) {
    const context = contextFor(index.suite, sources, own);
    const files = await filesOf(index, context, io);
    for (const path of pathsOf(index)) {
      for (const ending of endings) {
        const sha256 = files?.get(path + ending)?.sha256;
        if (sha256 === undefined || !(await context.store.verify(sha256, io))) continue;
        found.push({ sha256, name: `${index.suite}/${path}${ending}`.replaceAll(/[/:]/g, '_') });
        break;
      }
    }
  }
  return found;
}

/** Returns the paths of the package indexes of a suite for a platform, and for foreign architectures. */
export const packagesPaths =
  ({ debian }: Platform, foreign: readonly string[] = []) =>
  ({ components }: Pick<LockedIndex, 'components'>): string[] =>
    [debian, ...foreign].flatMap((architecture) =>
      components.map((component) => `${component}/binary-${architecture}/Packages`),
    );
