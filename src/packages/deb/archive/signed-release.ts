import type { Io } from '../../../base/events.ts';
import { sha256OfBytes } from '../../../base/hash.ts';
import { whole } from '../../../base/whole.ts';
import { below, withoutCredentials } from '../../mirror-url.ts';
import { archiveKeys } from '../../openpgp/keys.ts';
import { verifyClearSigned } from '../../openpgp/signature.ts';
import {
  recallIndex,
  refuseOlderIndex,
  rememberedBytes,
  rememberedIndexFile,
  rememberIndex,
} from '../../remembered-index.ts';
import type { DebianContext } from './debian-context.ts';
import { ageLimit } from './distribution.ts';
import { endedRules } from './ended-suite.ts';
import { checkRelease, hasExpired, parseRelease, type Release } from './release.ts';

/** A Release file that was authenticated. */
export interface SignedRelease extends Release {
  /** Mirror root as it is requested: may carry credentials. */
  readonly mirror: string;
  /** Further roots that may have its indexes, asked after the mirror. */
  readonly others?: readonly string[];
  /** The suite as it was asked for. */
  readonly asked: string;
  /** sha256 of the InRelease file's bytes. */
  readonly inRelease: string;
  readonly signedBy: readonly string[];
  /** True for one that was taken though its suite has ended, which had to be accepted. */
  readonly ended?: boolean;
}

/** Bytes: thirty times the longest InRelease that Debian has. */
const maxBytes = 16 * 1024 * 1024;

/**
 * Fetches a suite's InRelease and authenticates it before anything in it is parsed. Throws
 * SOURCE_UNTRUSTED for one that is not signed by a trusted key, is another suite's, has expired, is
 * too old, or is older than the last one of the same mirror. Offline, it reads the last one that was
 * believed, and throws OFFLINE when there is none.
 */
export async function signedRelease(
  mirror: string,
  suite: string,
  context: DebianContext,
  io: Io,
): Promise<SignedRelease> {
  const url = below(mirror, `dists/${suite}/InRelease`);
  const what = withoutCredentials(url);
  const { distribution, now, offline, store } = context;
  const file = rememberedIndexFile(store.folder, 'debian', what);
  const seen = await recallIndex(file);
  const bytes =
    offline && !url.startsWith('file:')
      ? await rememberedBytes(seen, what, store, io)
      : await store.fetchBytes(url, { maxBytes }, io);
  const keys = await archiveKeys(context);
  const { text, signedBy } = await verifyClearSigned(bytes, { keys, what, now });
  const release = parseRelease(text, what);
  const ended = endedRules(suite, context);
  const age = context.thirdParty ? { days: 365, from: now } : ageLimit(suite, distribution, now);
  checkRelease(release, { suite, what, now, age, ...(ended && { ended }) });
  if (!offline) refuseOlderIndex(seen, release.date, what, file);
  const inRelease = sha256OfBytes(bytes);
  await store.write(whole(bytes), inRelease);
  if (!offline) await rememberIndex(file, { place: what, date: release.date, sha256: inRelease });
  const isEnded = ended !== undefined && hasExpired(release, now);
  return { ...release, mirror, asked: suite, inRelease, signedBy, ...(isEnded && { ended: true }) };
}
