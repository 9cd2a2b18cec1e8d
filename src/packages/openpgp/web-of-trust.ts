import type { PublicKey, SignaturePacket, User } from 'openpgp';
import { MkbaseError } from '../../base/errors.ts';
import { anyTime } from './key-life.ts';
import { readKeyFiles } from './keys.ts';
import { verifyDetached } from './signature.ts';
import { type Check, strongHashes } from './signers.ts';

/** Keys that sign, and the master keys whose certifications make them count. */
export interface WebOfTrust {
  readonly keys: readonly PublicKey[];
  readonly masters: readonly PublicKey[];
  /** The number of masters that have to certify a key. */
  readonly needed: number;
  /** Fingerprints of keys that count no more, upper-case. */
  readonly revoked: ReadonlySet<string>;
  /** True where the recipe brings masters of its own. */
  readonly foreign: boolean;
}

/** The files and fingerprints that a web of trust is read from. */
export interface WebSources {
  readonly files: readonly string[];
  /** Fingerprints of the master keys, upper-case. */
  readonly masters: readonly string[];
  readonly revoked: readonly string[];
  readonly foreign: boolean;
}

/** Masters that have to certify a key, as `pacman-key` has GnuPG count them: as marginally trusted. */
const usualNeed = 3;

const fingerprintOf = (key: PublicKey): string => key.getFingerprint().toUpperCase();

/**
 * Reads keys and finds the masters among them. All masters have to certify a key where there are fewer than
 * three. Errors: IO, and SOURCE_UNTRUSTED for a master whose key is not there.
 */
export async function readWeb({
  files,
  masters,
  revoked,
  foreign,
}: WebSources): Promise<WebOfTrust> {
  const keys = await readKeyFiles(files);
  const found = new Map(keys.map((key) => [fingerprintOf(key), key]));
  const distinct = [...new Set(masters)];
  const missing = distinct.find((each) => !found.has(each));
  if (missing !== undefined) {
    throw new MkbaseError({
      code: 'SOURCE_UNTRUSTED',
      message: `The keys of the recipe have no master key ${missing}.`,
      hint: 'Correct "masters", or put the key that is meant into one of the files under "keys".',
      about: [missing],
    });
  }
  return {
    keys,
    masters: distinct.flatMap((each) => found.get(each) ?? []),
    needed: Math.min(usualNeed, distinct.length),
    revoked: new Set(revoked),
    foreign,
  };
}

/** Tells whether a certification by a master holds; `date` is the time at which it has to. */
async function holds(
  user: User,
  certification: SignaturePacket,
  master: PublicKey,
  date: Date,
): Promise<boolean> {
  if (!strongHashes.has(certification.hashAlgorithm)) return false;
  try {
    return (await user.verifyCertificate(certification, [master], date)) === true;
  } catch {
    return false;
  }
}

async function certifies(master: PublicKey, user: User, date: Date): Promise<boolean> {
  for (const each of user.otherCertifications) {
    if (!each.issuerKeyID.equals(master.getKeyID())) continue;
    if (await holds(user, each, master, date)) return true;
  }
  return false;
}

/** Tells whether a user id is the key's own: certified by the key itself and not revoked. */
const isOwn = (user: User, date: Date): Promise<boolean> =>
  user.verify(date).then(
    (valid) => valid === true,
    () => false,
  );

/** Tells whether a master is good itself: neither revoked nor expired. */
async function isGood(master: PublicKey, { revoked }: WebOfTrust, date: Date): Promise<boolean> {
  if (revoked.has(fingerprintOf(master))) return false;
  return master.verifyPrimaryKey(date).then(
    () => true,
    () => false,
  );
}

/**
 * Returns the fingerprints of the masters that certify a key, upper-case, sorted: those of the user id that
 * most of them certify. A certification vouches for one user id, so that those of several do not add up, as
 * in GnuPG.
 */
export async function certifiersOf(
  key: PublicKey,
  web: WebOfTrust,
  date: Date,
): Promise<readonly string[]> {
  let most: readonly string[] = [];
  for (const user of key.users) {
    if (!(await isOwn(user, date))) continue;
    const found: string[] = [];
    for (const master of web.masters) {
      if (!(await isGood(master, web, date)) || !(await certifies(master, user, date))) continue;
      found.push(fingerprintOf(master));
    }
    if (found.length > most.length) most = found;
  }
  return [...most].sort();
}

/** Signers of a file, and the masters that certify the first of them. */
export interface WebSigners {
  /** Fingerprint of the key that signed. */
  readonly signer: string;
  readonly masters: readonly string[];
}

const untrusted = (message: string, hint: string) =>
  new MkbaseError({ code: 'SOURCE_UNTRUSTED', message, hint });

/**
 * Verifies a detached signature by a key that enough masters certify. What was pinned before hangs on
 * certifications that held at any time, and on no key that was revoked since. Throws SOURCE_UNTRUSTED.
 */
export async function verifyByWeb(
  source: AsyncIterable<Uint8Array>,
  signature: Uint8Array,
  web: WebOfTrust,
  check: Omit<Check, 'keys'>,
): Promise<WebSigners> {
  const { what, now, past } = check;
  const signers = await verifyDetached(source, signature, { ...check, keys: web.keys });
  const reasons: string[] = [];
  for (const signer of signers) {
    const key = web.keys.find((each) => fingerprintOf(each) === signer);
    if (key === undefined) continue;
    const name = `${signer} (${key.getUserIDs()[0] ?? 'no name'})`;
    if (web.revoked.has(signer)) {
      reasons.push(`\n  Key ${name} was revoked by those who keep the keyring.`);
      continue;
    }
    const masters = await certifiersOf(key, web, past === undefined ? now : anyTime);
    if (masters.length >= web.needed) return { signer, masters };
    reasons.push(
      `\n  Key ${name} is certified by ${masters.length} of ${web.masters.length} master keys; expected at least ${web.needed}.`,
    );
  }
  throw untrusted(
    `${what} is not signed by a packager whom the master keys vouch for.${reasons.join('')}`,
    'Do not use this package until it is known why: try another snapshot or mirror (--mirror), or a newer mkbase, whose keyring is newer.',
  );
}
