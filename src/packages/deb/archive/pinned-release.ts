import type { Io } from '../../../base/events.ts';
import { sha256OfBytes } from '../../../base/hash.ts';
import { pastCheck } from '../../keyrings/judge-key.ts';
import { below, withoutCredentials } from '../../mirror-url.ts';
import { archiveKeys, trustedKeys } from '../../openpgp/keys.ts';
import { verifyClearSigned } from '../../openpgp/signature.ts';
import { pinnedBytes } from '../../pinned-bytes.ts';
import { disagrees, LockContradicted, requireSigners, SignedFile } from '../../proof.ts';
import type { LockedIndex } from '../locked-debs.ts';
import type { DebianContext } from './debian-context.ts';
import { acceptsEnded } from './ended-suite.ts';
import { isThirdParty, suiteIn } from './extra-source.ts';
import { parseRelease, requireSuite } from './release.ts';
import { placeOf } from './releases.ts';
import type { SignedRelease } from './signed-release.ts';
import { snapshotRoots } from './snapshot.ts';

/** A signed Release file that a lock pins by its hash. */
export interface PinnedRelease {
  readonly release: SignedRelease;
  readonly signed: SignedFile;
}

const maxBytes = 16 * 1024 * 1024;

/** Returns the roots that may have an index of the past: this run's mirror, the lock's, past states. */
function rootsOf(index: LockedIndex, { mirrors }: DebianContext): [string, ...string[]] {
  const current = mirrors[placeOf(index.suite)];
  const recorded = index.mirror === withoutCredentials(current) ? [] : [index.mirror];
  return [
    current,
    ...recorded,
    ...(isThirdParty(index.suite) ? [] : snapshotRoots(mirrors, index)),
  ];
}

/** Refuses an index that was taken though its suite had ended, where neither recipe nor run accepts that. */
function requireAcceptedEnd({ suite, ended }: LockedIndex, context: DebianContext): void {
  if (!ended || acceptsEnded(context)) return;
  throw new LockContradicted(
    `The lock takes packages from ${suite} although it had ended, which neither "ended: accept" in the recipe nor --allow ended lets pass.`,
  );
}

/** Returns the fingerprints of a distribution's own keys, which ship with mkbase. */
async function shippedFingerprints({ distribution }: DebianContext): Promise<Set<string>> {
  const keys = await trustedKeys([], distribution);
  return new Set(keys.map((key) => key.getFingerprint().toUpperCase()));
}

/**
 * Reads the signed Release file that a lock pins: from the store, a mirror, or the archive of past
 * states. A key that has expired since it signed is believed with a warning (`judgeKey`), and a
 * Valid-Until that has passed says nothing against bytes that are pinned. Throws SOURCE_UNTRUSTED where
 * signature, suite, date or keys are others than the lock says; OFFLINE and
 * SOURCE_UNREACHABLE where the bytes cannot be had.
 */
export async function pinnedRelease(
  index: LockedIndex,
  context: DebianContext,
  io: Io,
): Promise<PinnedRelease> {
  requireAcceptedEnd(index, context);
  const [mirror, ...others] = rootsOf(index, context);
  const suite = suiteIn(index.suite);
  const urls = [mirror, ...others].map((root) => below(root, `dists/${suite}/InRelease`));
  const bytes = await pinnedBytes({ urls, sha256: index.inRelease, maxBytes }, context, io);
  const what = `InRelease of ${index.suite} (${index.inRelease.slice(0, 12)})`;
  const keys = await archiveKeys(context);
  const check = { keys, what, now: context.now, past: pastCheck(context, io) };
  const { text, signedBy } = await verifyClearSigned(bytes, check);
  const release = parseRelease(text, what);
  requireSuite(release, suite, what);
  if (release.date !== index.date) {
    throw disagrees(`the date of ${index.suite}`, index.date, release.date);
  }
  requireSigners(index.suite, index.signedBy, signedBy);
  const shipped = await shippedFingerprints(context);
  const foreign = !signedBy.some((key) => shipped.has(key));
  const sha256 = sha256OfBytes(bytes);
  return {
    release: { ...release, mirror, others, asked: suite, inRelease: sha256, signedBy },
    signed: SignedFile.seen(sha256, signedBy, foreign),
  };
}
