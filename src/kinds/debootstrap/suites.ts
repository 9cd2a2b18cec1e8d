import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { mapConcurrent } from '../../base/map-concurrent.ts';
import type { Platform } from '../../base/platform.ts';
import type { DebianContext } from '../../packages/deb/archive/debian-context.ts';
import { distributions, knownSuites } from '../../packages/deb/archive/distribution.ts';
import type { ReleaseFile } from '../../packages/deb/archive/release.ts';
import { type SignedRelease, signedRelease } from '../../packages/deb/archive/signed-release.ts';
import { openIndex } from '../../packages/deb/index/packages-index.ts';
import type { SuiteIndex } from '../../packages/deb/index/universe.ts';
import { withoutCredentials } from '../../packages/mirror-url.ts';
import { didYouMean } from '../../packages/near-names.ts';
import { isAbsent } from '../../store/transfer/failure.ts';
import { suitesOf, type WantedSuite } from './debootstrap-source.ts';
import type { DebootstrapSource } from './schema.ts';

/** A component's index, and what the signed Release file says of it. */
export interface OpenIndex extends SuiteIndex {
  readonly plain: ReleaseFile;
}

/** An authenticated suite and its indexes, in the order of the recipe's components. */
export interface OpenSuite {
  readonly release: SignedRelease;
  readonly indexes: readonly OpenIndex[];
}

/**
 * Authenticates the suites that a recipe takes packages from, and opens their indexes; the suite
 * itself comes first. Errors: RELEASE_NOT_FOUND for a suite that the mirror does not have,
 * PACKAGE_NOT_FOUND for a component, SOURCE_*, OFFLINE.
 */
export async function openSuites(
  source: DebootstrapSource,
  platform: Platform,
  context: DebianContext,
  io: Io,
): Promise<OpenSuite[]> {
  const [own, ...updates] = suitesOf(source);
  const ask = (wanted: WantedSuite, group: Io) => releaseOf(wanted, source, context, group);
  // First alone, so that a suite which is not there is not told as one that lacks updates.
  const releases = [await ask(own, io), ...(await mapConcurrent(updates, 2, ask, io))];
  const suites: OpenSuite[] = [];
  try {
    for (const release of releases) {
      const indexes: OpenIndex[] = [];
      suites.push({ release, indexes });
      for (const component of source.components) {
        const path = `${component}/binary-${platform.debian}/Packages`;
        const index = await openIndex(release, path, context, io);
        indexes.push({ suite: release.asked, index, plain: release.files.get(path)! });
      }
    }
    return suites;
  } catch (error) {
    await closeSuites(suites);
    throw error;
  }
}

export async function closeSuites(suites: readonly OpenSuite[]): Promise<void> {
  await Promise.all(suites.flatMap(({ indexes }) => indexes.map(({ index }) => index.close())));
}

async function releaseOf(
  { suite, mirror }: WantedSuite,
  source: DebootstrapSource,
  context: DebianContext,
  io: Io,
): Promise<SignedRelease> {
  const root = context.mirrors[mirror];
  try {
    return await signedRelease(root, suite, context, io);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    const place = withoutCredentials(root);
    throw suite === source.suite ? noSuite(source, place, error) : noUpdates(suite, place, error);
  }
}

function noSuite({ distro, suite }: DebootstrapSource, place: string, cause: unknown): MkbaseError {
  const { title } = distributions[distro];
  const known = knownSuites(distributions[distro]);
  return new MkbaseError({
    code: 'RELEASE_NOT_FOUND',
    message: `There is no ${title} suite ${suite} at ${place}.${didYouMean(suite, known)}`,
    hint: `Known suites are ${known.join(', ')}; old ones move to an archive of their own, which "mirror" or --mirror names.`,
    cause,
    about: [suite],
  });
}

/** Updates that are held back would not be missed, so their absence has to be meant. */
function noUpdates(suite: string, place: string, cause: unknown): MkbaseError {
  const field = suite.endsWith('-security') ? 'security' : 'updates';
  return new MkbaseError({
    code: 'SOURCE_UNREACHABLE',
    message: `${place} has no suite ${suite}.`,
    hint: `Name a mirror that has it, or set "${field}: false" in the recipe.`,
    cause,
  });
}
