import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import { sha256OfBytes } from '../../../base/hash.ts';
import { below, withoutCredentials } from '../../mirror-url.ts';
import { trustedKeys } from '../../openpgp/keys.ts';
import { verifyClearSigned } from '../../openpgp/signature.ts';
import type { DebianContext } from './context.ts';
import { maxAgeDays } from './index-age.ts';
import { checkRelease, parseRelease, type Release } from './release.ts';
import { recall, refuseRollback, remember, rememberedFile } from './remembered.ts';

/** A Release file that was authenticated. */
export interface SignedRelease extends Release {
  /** Mirror root, as it is asked: may carry credentials. */
  readonly mirror: string;
  /** The suite as it was asked for. */
  readonly asked: string;
  /** sha256 of the InRelease file's bytes. */
  readonly inRelease: string;
  readonly signedBy: readonly string[];
}

/** Thirty times the longest that Debian has. */
const maxBytes = 16 * 1024 * 1024;

/**
 * Fetches a suite's InRelease and authenticates it before anything in it is parsed. Refuses with
 * SOURCE_UNTRUSTED what is not signed by a trusted key, is another suite's, has expired, is too
 * old, or is older than what the same mirror served before. Offline, the last one that was
 * believed is read again, and OFFLINE thrown when there is none.
 */
export async function signedRelease(
  mirror: string,
  suite: string,
  context: DebianContext,
  io: Io,
): Promise<SignedRelease> {
  const url = below(mirror, `dists/${suite}/InRelease`);
  const shown = withoutCredentials(mirror);
  const what = withoutCredentials(url);
  const now = context.now ?? new Date();
  const file = rememberedFile(context.store.folder, shown, suite);
  const seen = await recall(file);
  const bytes =
    context.offline && !url.startsWith('file:')
      ? remembered(seen?.inRelease, what)
      : await context.store.fetchBytes(url, { maxBytes }, io);
  const { distribution } = context;
  const keys = await trustedKeys(context.keyrings, distribution);
  const { text, signedBy } = await verifyClearSigned(bytes, { keys, what, now });
  const release = parseRelease(text, what);
  checkRelease(release, { suite, what, now, maxAgeDays: maxAgeDays(suite, distribution, now) });
  if (!context.offline) {
    refuseRollback(seen, release.date, what, file);
    const inRelease = Buffer.from(bytes).toString('base64');
    await remember(file, { mirror: shown, suite, date: release.date, inRelease });
  }
  const inRelease = sha256OfBytes(bytes);
  await context.store.write(whole(bytes), inRelease);
  return { ...release, mirror, asked: suite, inRelease, signedBy };
}

/** The signed bytes themselves are kept: they are the first link of the chain that a lock's packages hang on. */
async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function remembered(inRelease: string | undefined, what: string): Uint8Array {
  if (inRelease !== undefined) return Buffer.from(inRelease, 'base64');
  throw new MkbaseError({
    code: 'OFFLINE',
    message: `${what} was never fetched, and --offline forbids fetching it.`,
    hint: 'Run the same command once without --offline.',
  });
}
