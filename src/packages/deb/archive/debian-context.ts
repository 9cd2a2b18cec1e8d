import type { Platform } from '../../../base/platform.ts';
import type { Store } from '../../../store/store.ts';
import type { RunSources } from '../../sources.ts';
import { readAptSources } from './apt-sources.ts';
import type { DistributionName } from './distribution.ts';
import { debianMirrors, type Mirrors } from './mirrors.ts';
import { namedUbuntuMirrors, ubuntuMirrors } from './ubuntu-mirrors.ts';

/** The mirrors of a Debian archive, the store, and the keys that are believed. */
export interface DebianContext {
  readonly mirrors: Mirrors;
  readonly store: Store;
  /** Nothing is asked of the network; the last index that was believed is used. */
  readonly offline: boolean;
  /** The distribution whose keys are believed and whose calendar counts; Debian when left out. */
  readonly distribution?: DistributionName;
  /** Files with public keys that are believed besides the distribution's own. */
  readonly keyrings?: readonly string[];
  /** Set for a third party's archive: only the keys in `keyrings` are believed, and no calendar is known. */
  readonly thirdParty?: {
    /** As the recipe names it. */
    readonly name: string;
    /** Fingerprints of those of its keys that are believed; all when empty. */
    readonly fingerprints: readonly string[];
  };
  /** The time against which signatures and dates are checked. */
  readonly now: Date;
  /** Values of `--allow`; none when left out. */
  readonly allow?: readonly string[];
  /** The recipe accepts a suite that has ended and left the mirrors; `--allow ended` does the same. */
  readonly acceptEnded?: boolean;
}

/** The distribution, mirror and keys that a recipe names for its packages. */
export interface ArchiveChoice {
  /** Debian when left out. */
  readonly distribution?: DistributionName;
  /** Files with public keys that are believed besides; absolute. */
  readonly keyrings?: readonly string[];
  readonly mirror?: string | undefined;
  /** Set where the recipe accepts a suite that has ended. */
  readonly ended?: 'accept' | undefined;
}

async function mirrorsFor(
  { distribution, mirror }: ArchiveChoice,
  platform: Platform,
  { mirror: flag, env }: RunSources,
): Promise<Mirrors> {
  if (distribution === 'ubuntu') {
    return ubuntuMirrors(namedUbuntuMirrors({ flag, env }), mirror, platform);
  }
  return debianMirrors({ flag, env, ofRecipe: mirror, aptSources: await readAptSources() });
}

/**
 * Returns the mirrors of a run's archive and the keys that it believes. Throws USAGE for a mirror that
 * is none.
 */
export async function debianContext(
  choice: ArchiveChoice,
  platform: Platform,
  sources: RunSources,
): Promise<DebianContext> {
  const { store, offline, now, allow } = sources;
  const { distribution, keyrings, ended } = choice;
  return {
    ...{ store, offline, now, allow },
    mirrors: await mirrorsFor(choice, platform, sources),
    ...(distribution && { distribution }),
    ...(keyrings && { keyrings }),
    ...(ended && { acceptEnded: true }),
  };
}
