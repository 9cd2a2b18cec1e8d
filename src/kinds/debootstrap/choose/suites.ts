import { MkbaseError } from '../../../base/errors.ts';
import type { Io, Warning } from '../../../base/events.ts';
import { mapConcurrent } from '../../../base/map-concurrent.ts';
import type { Platform } from '../../../base/platform.ts';
import type { DebianContext } from '../../../packages/deb/archive/debian-context.ts';
import { ageLimit, distributions } from '../../../packages/deb/archive/distribution.ts';
import { namedSuite } from '../../../packages/deb/archive/named-suite.ts';
import {
  isSecurity,
  type MirrorPlace,
  securitySuite,
} from '../../../packages/deb/archive/releases.ts';
import type { SignedRelease } from '../../../packages/deb/archive/signed-release.ts';
import { suiteRelease } from '../../../packages/deb/archive/suite-release.ts';
import {
  type OpenSuite,
  openIndexes,
  sourceRelease,
} from '../../../packages/deb/choose/open-suite.ts';
import { withoutCredentials } from '../../../packages/mirror-url.ts';
import { isAbsent } from '../../../store/transfer/failure.ts';
import type { Archives } from '../../debs/deb-archives.ts';
import type { DebootstrapSource } from '../schema.ts';

/** A suite that packages are taken from, and which of the mirrors has it. */
interface WantedSuite {
  readonly suite: string;
  readonly mirror: MirrorPlace;
}

/**
 * Returns the suite, its updates and its security updates, as far as the recipe wants them and there are
 * any.
 */
export function suitesOf({
  distro,
  suite,
  updates,
  security,
}: DebootstrapSource): [WantedSuite, ...WantedSuite[]] {
  const rolling = distributions[distro].rolling.includes(suite);
  return [
    { suite, mirror: 'main' },
    ...(updates && !rolling ? [{ suite: `${suite}-updates`, mirror: 'main' } as const] : []),
    ...(security && !rolling
      ? [{ suite: securitySuite(suite, distro), mirror: 'security' } as const]
      : []),
  ];
}

/**
 * Authenticates the suites that a recipe takes packages from, and opens their indexes; the suite
 * itself comes first, further sources last. Errors: RELEASE_NOT_FOUND for a suite that the mirror does not
 * have, PACKAGE_NOT_FOUND for a component, SOURCE_*, OFFLINE.
 */
export async function openSuites(
  source: DebootstrapSource,
  platform: Platform,
  { own: context, sources }: Archives,
  io: Io,
  foreign: readonly string[] = [],
): Promise<OpenSuite[]> {
  const [own, ...updates] = suitesOf(source);
  const ask = (wanted: WantedSuite, group: Io) => releaseOf(wanted, source, context, group);
  // The suite itself is asked for first, so that a missing suite is not reported as one without updates.
  const asked = [await ask(own, io), ...(await mapConcurrent(updates, 2, ask, io))];
  const { components } = source;
  const further = await mapConcurrent(sources, 2, sourceRelease, io);
  const wanted = asked.flatMap((release) =>
    release === undefined ? [] : [{ label: release.asked, release, components, context }],
  );
  return openIndexes([...wanted, ...further], platform, io, foreign);
}

async function releaseOf(
  { suite, mirror }: WantedSuite,
  source: DebootstrapSource,
  context: DebianContext,
  io: Io,
): Promise<SignedRelease | undefined> {
  if (suite === source.suite) return namedSuite(suite, context, io);
  const root = context.mirrors[mirror];
  try {
    return await suiteRelease(mirror, suite, context, io);
  } catch (error) {
    if (!isAbsent(error) && !isOnlyPast(error)) throw error;
    if (hasNoUpdatesAnyMore(suite, source, context)) {
      io.emit({ type: 'warning', stage: 'lock', warning: withoutUpdates(suite, root) });
      return undefined;
    }
    if (isOnlyPast(error)) throw error;
    throw noUpdates(suite, withoutCredentials(root), error);
  }
}

const isOnlyPast = (error: unknown): boolean =>
  error instanceof MkbaseError && error.code === 'RELEASE_NOT_FOUND';

/**
 * Tells whether a suite of updates may be missing: Debian makes none once regular support has ended, and the
 * last point release has all that there were. Security updates may never be missing unnoticed.
 */
const hasNoUpdatesAnyMore = (
  suite: string,
  { distro }: DebootstrapSource,
  { now }: DebianContext,
): boolean => distro === 'debian' && !isSecurity(suite) && ageLimit(suite, distro, now).from < now;

const withoutUpdates = (suite: string, root: string): Warning => ({
  code: 'no-updates',
  message: `${withoutCredentials(root)} has no suite ${suite} any more; its packages are in the last point release.`,
  advice: 'Set "updates: false" in the recipe, and this is not said again.',
});

/**
 * Refuses a mirror without updates: one that holds them back would go unnoticed, so the recipe must say
 * so.
 */
function noUpdates(suite: string, place: string, cause: unknown): MkbaseError {
  const field = isSecurity(suite) ? 'security' : 'updates';
  return new MkbaseError({
    code: 'SOURCE_UNREACHABLE',
    message: `${place} has no suite ${suite}.`,
    hint: `Name a mirror that has it, or set "${field}: false" in the recipe.`,
    cause,
  });
}
