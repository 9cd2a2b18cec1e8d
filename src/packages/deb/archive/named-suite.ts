import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import { isAbsent } from '../../../store/transfer/failure.ts';
import { withoutCredentials } from '../../mirror-url.ts';
import { didYouMean } from '../../near-names.ts';
import type { DebianContext } from './debian-context.ts';
import { type DistributionName, distributions, knownSuites } from './distribution.ts';
import type { SignedRelease } from './signed-release.ts';
import { suiteRelease } from './suite-release.ts';

/** Returns the title of the other distribution that a suite is of, if it is of one. */
const otherOf = (suite: string, own: DistributionName) =>
  Object.values(distributions).find(
    (each) => each.name !== own && knownSuites(each).includes(suite),
  );

function noSuite(suite: string, place: string, own: DistributionName, cause: unknown) {
  const { title } = distributions[own];
  const known = knownSuites(distributions[own]);
  const other = otherOf(suite, own);
  return new MkbaseError({
    code: 'RELEASE_NOT_FOUND',
    message: `There is no ${title} suite ${suite} at ${place}.${other ? '' : didYouMean(suite, known)}`,
    hint: other
      ? `${suite} is a suite of ${other.title}: "from: { debootstrap: { distro: ${other.name}, suite: ${suite} } }".`
      : `Known suites are ${known.join(', ')}; a mirror of another archive is named with "mirror" or --mirror.`,
    cause,
    about: [suite],
  });
}

/**
 * Fetches the signed index of a suite that a recipe names, as `signedRelease` does. Errors: also
 * RELEASE_NOT_FOUND where the mirror has no such suite.
 */
export async function namedSuite(
  suite: string,
  context: DebianContext,
  io: Io,
): Promise<SignedRelease> {
  const root = context.mirrors.main;
  try {
    return await suiteRelease('main', suite, context, io);
  } catch (error) {
    const isTold = error instanceof MkbaseError && error.code === 'RELEASE_NOT_FOUND';
    if (isTold || !isAbsent(error)) throw error;
    throw noSuite(suite, withoutCredentials(root), context.distribution ?? 'debian', error);
  }
}
