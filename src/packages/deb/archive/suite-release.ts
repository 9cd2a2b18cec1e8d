import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import { endedWords, type ReleaseSupport } from '../../../base/release-support.ts';
import { isAbsent } from '../../../store/transfer/failure.ts';
import { withoutCredentials } from '../../mirror-url.ts';
import type { DebianContext } from './debian-context.ts';
import { distributions } from './distribution.ts';
import { acceptsEnded, distributionIn, endedAdvice, endedSupport } from './ended-suite.ts';
import type { Mirrors } from './mirrors.ts';
import type { MirrorPlace } from './releases.ts';
import { type SignedRelease, signedRelease } from './signed-release.ts';
import { snapshotAt } from './snapshot.ts';

/** Returns the roots that keep a suite which mirrors no longer have, the best first. */
function pastRoots(place: MirrorPlace, support: ReleaseSupport, { mirrors }: DebianContext) {
  const end = support.longTerm ?? support.until;
  const snapshot = end === undefined ? [] : snapshotAt(mirrors, place, Date.parse(end) / 1000);
  return [...(mirrors.past ? [mirrors.past[place]] : []), ...snapshot];
}

/** Tells whether a mirror that a person named is itself an archive of past states. */
function isPast(root: string, { past, snapshot }: Mirrors): boolean {
  const roots = [past?.main, past?.security].flatMap((each) => (each ? [each] : []));
  return roots.includes(root) || (snapshot !== undefined && root.startsWith(`${snapshot}/`));
}

const onlyPast = (
  suite: string,
  root: string,
  support: ReleaseSupport,
  context: DebianContext,
  cause?: unknown,
): MkbaseError => {
  const { title } = distributions[distributionIn(context)];
  const place = withoutCredentials(root);
  const where =
    cause === undefined
      ? `${place} is an archive of past states`
      : `${place} no longer has ${suite}; ${title}'s archive of past states may`;
  return new MkbaseError({
    code: 'RELEASE_NOT_FOUND',
    message: `${endedWords(support, context.now)}: ${where}.`,
    hint: endedAdvice(context),
    ...(cause === undefined ? {} : { cause }),
    about: [suite],
  });
};

const isMissing = (error: unknown): boolean =>
  isAbsent(error) || (error instanceof MkbaseError && error.code === 'OFFLINE');

/** Asks one archive of past states after the other. Throws what the first said. */
async function fromPast(
  suite: string,
  roots: readonly string[],
  context: DebianContext,
  io: Io,
): Promise<SignedRelease> {
  let failure: unknown;
  for (const root of roots) {
    try {
      return { ...(await signedRelease(root, suite, context, io)), ended: true };
    } catch (error) {
      if (!isMissing(error)) throw error;
      failure ??= error;
    }
  }
  throw failure;
}

/**
 * Fetches the signed index of a suite, as `signedRelease` does. One that has ended, and that the mirror no
 * longer has, is taken from the distribution's archive of past states, where that is accepted. Errors: also
 * RELEASE_NOT_FOUND where it is not accepted.
 */
export async function suiteRelease(
  place: MirrorPlace,
  suite: string,
  context: DebianContext,
  io: Io,
): Promise<SignedRelease> {
  const root = context.mirrors[place];
  const support = endedSupport(suite, context);
  if (support === undefined) return signedRelease(root, suite, context, io);
  if (isPast(root, context.mirrors)) {
    if (!acceptsEnded(context)) throw onlyPast(suite, root, support, context);
    return { ...(await signedRelease(root, suite, context, io)), ended: true };
  }
  try {
    return await signedRelease(root, suite, context, io);
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (!acceptsEnded(context)) {
      throw isAbsent(error) ? onlyPast(suite, root, support, context, error) : error;
    }
    const past = pastRoots(place, support, context);
    if (past.length === 0) throw error;
    return fromPast(suite, past, context, io);
  }
}
