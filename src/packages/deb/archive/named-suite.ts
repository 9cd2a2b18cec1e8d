import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import { isAbsent } from '../../../store/transfer/failure.ts';
import { withoutCredentials } from '../../mirror-url.ts';
import { didYouMean } from '../../near-names.ts';
import type { DebianContext } from './debian-context.ts';
import { type DistributionName, distributions, knownSuites } from './distribution.ts';
import { type SignedRelease, signedRelease } from './signed-release.ts';

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
      : `Known suites are ${known.join(', ')}; old ones move to an archive of their own, which "mirror" or --mirror names.`,
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
    return await signedRelease(root, suite, context, io);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    throw noSuite(suite, withoutCredentials(root), context.distribution ?? 'debian', error);
  }
}
