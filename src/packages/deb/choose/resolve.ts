import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import { mapConcurrent } from '../../../base/map-concurrent.ts';
import type { Platform } from '../../../base/platform.ts';
import type { Download } from '../../../store/blobs/download-blob.ts';
import { below, withoutCredentials } from '../../mirror-url.ts';
import type { DebianContext } from '../archive/debian-context.ts';
import { distributionIn } from '../archive/ended-suite.ts';
import { contextFor, isThirdParty, type SourceSuite } from '../archive/extra-source.ts';
import { namedSuite } from '../archive/named-suite.ts';
import { placeOf, securitySuite } from '../archive/releases.ts';
import type { SignedRelease } from '../archive/signed-release.ts';
import { snapshotUrls } from '../archive/snapshot.ts';
import { suiteRelease } from '../archive/suite-release.ts';
import { readable, universeOf } from '../index/universe.ts';
import {
  indexOfDeb,
  type LockedDebs,
  type LockedIndex,
  type LockedPackage,
} from '../locked-debs.ts';
import { closure } from './closure.ts';
import { dataPackages, requireOneOfEach } from './data-packages.ts';
import { lockedPackage } from './locked-package.ts';
import { closeSuites, openIndexes, sourceRelease } from './open-suite.ts';
import { foreignAmong, pinsOf, requestedPackage } from './requested.ts';

/** A request for packages, and the suite that they come from. */
export interface DebsRequest {
  readonly suite: string;
  /** Also take packages from `<suite>-security`. */
  readonly security: boolean;
  readonly components: readonly string[];
  /** Names, or `name/suite`. */
  readonly packages: readonly string[];
  /** Names that are left out, with the reason; or the names alone. */
  readonly exclude: Readonly<Record<string, string>> | readonly string[];
  /** `name:architecture`: packages that come without what they depend on; none when left out. */
  readonly data?: readonly string[];
  /** Further suites; none when left out. */
  readonly sources?: readonly SourceSuite[];
}

/**
 * Pins the packages wanted and all that they depend on, from indexes that were authenticated first.
 * Errors: SOURCE_UNTRUSTED, SOURCE_UNREACHABLE, SOURCE_CORRUPT, OFFLINE, PACKAGE_NOT_FOUND,
 * PACKAGE_CONFLICT, IO, NO_SPACE.
 */
export async function resolveDebs(
  request: DebsRequest,
  platform: Platform,
  context: DebianContext,
  io: Io,
): Promise<LockedDebs> {
  const { suite, security, components, data = [], sources = [] } = request;
  const own = async (release: Promise<SignedRelease>) => {
    const found = await release;
    return { label: found.asked, release: found, components, context };
  };
  const releases = await mapConcurrent(
    [
      (group: Io) => own(namedSuite(suite, context, group)),
      ...(security ? [(group: Io) => own(securityRelease(suite, context, group))] : []),
      ...sources.map((source) => (group: Io) => sourceRelease(source, group)),
    ],
    2,
    (ask, group) => ask(group),
    io,
  );
  const foreign = foreignAmong(data.map(requestedPackage), platform.debian);
  const suites = await openIndexes(releases, platform, io, foreign);
  try {
    const all = suites.flatMap((each) => each.indexes);
    const indexes = all.filter(({ architecture }) => architecture === platform.debian);
    const exclude = Array.isArray(request.exclude) ? request.exclude : Object.keys(request.exclude);
    const pins = pinsOf(
      request.packages,
      suites.map(({ label }) => label),
    );
    const chosen = await closure(universeOf(indexes, platform.debian, pins), {
      packages: request.packages.map((word) => requestedPackage(word).name),
      exclude: new Set(exclude),
    });
    const taken = [...chosen, ...(await dataPackages(data, all, suite))];
    requireOneOfEach(taken);
    return {
      indexes: suites.map((each) => lockedIndex(each.release, each.components, each.label)),
      packages: await Promise.all(
        taken
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .map((candidate) => readable(candidate.suite, async () => lockedPackage(candidate))),
      ),
    };
  } finally {
    await closeSuites(suites);
  }
}

async function securityRelease(
  suite: string,
  context: DebianContext,
  io: Io,
): Promise<SignedRelease> {
  try {
    const own = securitySuite(suite, distributionIn(context));
    return await suiteRelease('security', own, context, io);
  } catch (error) {
    if (!(error instanceof MkbaseError) || error.code !== 'SOURCE_UNREACHABLE') throw error;
    throw new MkbaseError({
      code: error.code,
      message: `The security updates of ${suite} cannot be had. ${error.message}`,
      hint: 'Name a mirror that has them with MKBASE_DEBIAN_SECURITY_MIRROR, or set "security: false" in the recipe.',
      cause: error,
    });
  }
}

/** Returns an index as a lock pins it. */
export function lockedIndex(
  release: SignedRelease,
  components: readonly string[],
  label: string = release.asked,
): LockedIndex {
  return {
    suite: label,
    components,
    mirror: withoutCredentials(release.mirror),
    date: release.date,
    inRelease: release.inRelease,
    signedBy: release.signedBy,
    ...(release.ended && { ended: true as const }),
  };
}

/**
 * Returns the downloads of locked packages: from the mirrors of this run first, which may be others than
 * the lock's, since the hashes are what counts.
 */
export function debDownloads(
  locked: LockedDebs,
  context: Pick<DebianContext, 'mirrors'>,
  sources: readonly SourceSuite[] = [],
): Download[] {
  return locked.packages.map((each) => ({
    urls: packageUrls(each, locked.indexes, contextFor(each.suite, sources, context)),
    sha256: each.sha256,
    size: each.size,
  }));
}

function packageUrls(
  locked: LockedPackage,
  indexes: readonly LockedIndex[],
  { mirrors }: Pick<DebianContext, 'mirrors'>,
): string[] {
  const { suite, filename } = locked;
  const current = mirrors[placeOf(suite)];
  const index = indexOfDeb(locked, indexes);
  const recorded = index?.mirror;
  const roots = [
    current,
    ...(recorded !== undefined && recorded !== withoutCredentials(current) ? [recorded] : []),
  ];
  const past = isThirdParty(suite) ? [] : snapshotUrls(mirrors, index, filename);
  return [...roots.map((root) => below(root, filename)), ...past];
}
