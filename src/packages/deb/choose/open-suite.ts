import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import type { Platform } from '../../../base/platform.ts';
import { isAbsent } from '../../../store/transfer/failure.ts';
import { withoutCredentials } from '../../mirror-url.ts';
import type { DebianContext } from '../archive/debian-context.ts';
import type { SourceSuite } from '../archive/extra-source.ts';
import type { ReleaseFile } from '../archive/release.ts';
import type { SignedRelease } from '../archive/signed-release.ts';
import { suiteRelease } from '../archive/suite-release.ts';
import { openIndex } from '../index/packages-index.ts';
import type { SuiteIndex } from '../index/universe.ts';

/** A component's index, and what the signed Release file says of it. */
export interface OpenIndex extends SuiteIndex {
  readonly plain: ReleaseFile;
  /** Architecture whose packages it lists, beside those of all. */
  readonly architecture: string;
}

/** An authenticated suite whose indexes are to be opened. */
export interface SuiteToOpen {
  /** The suite as locks and messages name it. */
  readonly label: string;
  readonly release: SignedRelease;
  readonly components: readonly string[];
  readonly context: DebianContext;
  readonly pin?: number | undefined;
}

/** An authenticated suite and its indexes, in the order of its components, those of foreign architectures last. */
export interface OpenSuite extends SuiteToOpen {
  readonly indexes: readonly OpenIndex[];
}

/** Authenticates a suite of the recipe's sources. Errors: RELEASE_NOT_FOUND, SOURCE_*, OFFLINE. */
export async function sourceRelease(source: SourceSuite, io: Io): Promise<SuiteToOpen> {
  const { label, suite, place, context } = source;
  try {
    return { ...source, release: await suiteRelease(place, suite, context, io) };
  } catch (error) {
    if (!isAbsent(error)) throw error;
    throw new MkbaseError({
      code: 'RELEASE_NOT_FOUND',
      message: `There is no suite ${suite} at ${withoutCredentials(context.mirrors[place])}, which the source ${label} names.`,
      hint: 'Correct "suite" or "url" of the source: dists/<suite>/InRelease has to be below the URL.',
      cause: error,
      about: [suite],
    });
  }
}

export async function closeSuites(suites: readonly OpenSuite[]): Promise<void> {
  await Promise.all(suites.flatMap(({ indexes }) => indexes.map(({ index }) => index.close())));
}

/**
 * Opens the indexes of authenticated suites; `closeSuites` closes them. A third party's archive takes only
 * the place that the recipe or its own Release file gives it. Only the first suite has to have packages of
 * foreign architectures. Errors: PACKAGE_NOT_FOUND, SOURCE_*.
 */
export async function openIndexes(
  wanted: readonly SuiteToOpen[],
  platform: Platform,
  io: Io,
  foreign: readonly string[] = [],
): Promise<OpenSuite[]> {
  const suites: OpenSuite[] = [];
  try {
    for (const each of wanted) {
      const { label, release, components, context, pin } = each;
      const indexes: OpenIndex[] = [];
      suites.push({ ...each, indexes });
      const parts = [platform.debian, ...foreign].flatMap((architecture) =>
        components.map((component) => ({ component, architecture })),
      );
      for (const { component, architecture } of parts) {
        const path = `${component}/binary-${architecture}/Packages`;
        const isExtra = suites.length > 1 && architecture !== platform.debian;
        if (isExtra && !release.files.has(path)) continue;
        const index = await openIndex(release, path, context, io);
        const priority = pin ?? release.priority;
        indexes.push({
          suite: label,
          index,
          priority,
          architecture,
          plain: release.files.get(path)!,
        });
      }
    }
    return suites;
  } catch (error) {
    await closeSuites(suites);
    throw error;
  }
}
