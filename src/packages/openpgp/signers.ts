import type { KeyID, PublicKey, SignaturePacket } from 'openpgp';
import { MkbaseError } from '../../base/errors.ts';
import type { Warning } from '../../base/events.ts';
import { judgeKey, type PastCheck } from '../keyrings/judge-key.ts';
import { type FindKey, findShippedKey } from '../keyrings/shipped.ts';
import { keyLife } from './key-life.ts';

/** Seconds into the future that a signature may be dated: clocks differ, but not by more than a day. */
export const clockSkewSeconds = 86_400;

/** The keys, the time and the words of a check. */
export interface Check {
  /** The trusted keys. */
  readonly keys: readonly PublicKey[];
  /** The checked file, for messages: a URL without credentials. */
  readonly what: string;
  readonly now: Date;
  /**
   * Given for what was pinned before: a key need not be good any more, only when it signed. Left out
   * when something is pinned: then it must be good now.
   */
  readonly past?: PastCheck;
  /** Finds what is known of a key besides; the keys that ship with mkbase when left out. */
  readonly known?: FindKey;
  /**
   * Refuses a key all of whose own signatures are of a broken hash (MD5, SHA-1), unless it ships with
   * mkbase and its facts say so: such a key is believed by its fingerprint.
   */
  readonly strongKeys?: boolean;
}

/** The reason why a signature does not hold; `clock` when this machine's date may be to blame. */
export interface Refusal {
  readonly reason: string;
  readonly hint?: string | undefined;
  readonly clock?: boolean;
}

/** A signature that holds, and what is to be said of its key. */
export interface Signer {
  readonly fingerprint: string;
  readonly warnings: readonly Warning[];
}

/**
 * Tells of keys that are good no more. A key that has ended matters only when no signature is by one
 * that has not; a lost key that was let pass is told always.
 */
function warnOf(signers: readonly Signer[], past: PastCheck): void {
  const isBacked = signers.some(({ warnings }) => warnings.length === 0);
  const warnings = signers.flatMap((signer) => signer.warnings);
  const told = warnings.filter(({ code }) => !isBacked || code === 'revoked-key');
  for (const warning of told) past.warn(warning);
}

/**
 * Returns the fingerprints of those that signed, sorted: one signature that holds, by a key that is good,
 * is enough. Throws SOURCE_UNTRUSTED with the reason of each that does not.
 */
export function acceptSigners(
  outcomes: readonly (Signer | Refusal)[],
  check: Check,
): readonly string[] {
  const good = outcomes.filter((outcome) => 'fingerprint' in outcome);
  if (good.length > 0) {
    if (check.past) warnOf(good, check.past);
    return [...new Set(good.map(({ fingerprint }) => fingerprint))].sort();
  }
  const refusals = outcomes.filter((outcome) => 'reason' in outcome);
  const reasons = refusals.map(({ reason }) => `\n  ${reason}`).join('');
  throw new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: `${check.what} has no valid signature by a trusted key.${reasons || '\n  It carries no signature.'}`,
    hint: hintFor(refusals, check),
  });
}

function hintFor(refusals: readonly Refusal[], { now, past }: Check): string {
  const own = refusals.find(({ hint }) => hint !== undefined)?.hint;
  if (own !== undefined) return own;
  if (refusals.some(({ clock }) => clock)) {
    return `Check this machine's clock, which says ${now.toISOString()}.`;
  }
  return past
    ? 'Do not build from this lock until it is known why; pin anew with `mkbase update`.'
    : 'Do not use this mirror until it is known why; try another one with --mirror.';
}

/** Type of a signature directly on a key (RFC 9580, section 5.2.1). */
const directSignature = 0x1f;

/** Tells whether a key has signed itself with a good hash, or is known not to have. */
async function isStrong(key: PublicKey, known: FindKey): Promise<boolean> {
  const onUsers = key.users.flatMap((user) => user.selfCertifications);
  const direct = (key.toPacketList() as unknown as Partial<SignaturePacket>[]).filter(
    ({ signatureType, issuerKeyID }) =>
      signatureType === directSignature && issuerKeyID?.equals(key.getKeyID()) === true,
  );
  const own = [...onUsers, ...direct];
  if (own.some(({ hashAlgorithm }) => strongHashes.has(hashAlgorithm ?? null))) return true;
  return (await known(key.getFingerprint().toUpperCase()))?.selfSignedWith === 'sha1';
}

/** Judges the key of a signature that holds. */
export async function judged(
  key: PublicKey,
  id: KeyID,
  signedAt: Date,
  { now, past, known = findShippedKey, strongKeys = false }: Check,
): Promise<Signer | Refusal> {
  const name = `Key ${id.toHex().toUpperCase()}`;
  try {
    if (strongKeys && !(await isStrong(key, known))) {
      return {
        reason: `${name} has signed itself with a broken hash only (MD5 or SHA-1).`,
        hint: 'Ask its owner for a copy of the key with a signature of SHA-256 or better.',
      };
    }
    const judgement = judgeKey(await keyLife(key, id, known), { now, signedAt, past });
    if (judgement.verdict === 'refused') {
      const { reason, hint } = judgement;
      return { reason: `${name} ${reason}.`, hint, clock: true };
    }
    // openpgp accepts a key that has expired or was revoked since it signed.
    if (past === undefined) await key.getSigningKey(id, now);
    const fingerprint = key.getFingerprint().toUpperCase();
    const warnings = judgement.verdict === 'warned' ? [...judgement.warnings] : [];
    if (isFromTheFuture(signedAt, now)) warnings.push(clockBehind(signedAt, now));
    return { fingerprint, warnings };
  } catch (error) {
    if (error instanceof MkbaseError) throw error;
    return { reason: `${name}: ${(error as Error).message}.`, clock: true };
  }
}

/** Numbers of SHA-256, SHA-384, SHA-512 and the SHA-3 family (RFC 9580 section 9.5). */
export const strongHashes = new Set<number | null>([8, 9, 10, 12, 14]);

const isFromTheFuture = (created: Date, now: Date): boolean =>
  created.getTime() > now.getTime() + clockSkewSeconds * 1000;

/**
 * Tells of a clock that is behind. A lock that was made before hangs on its bytes, whatever a clock says
 * since, so that the signature counts all the same.
 */
const clockBehind = (signedAt: Date, now: Date): Warning => ({
  code: 'clock-behind',
  message: `This machine's clock says ${now.toISOString()}, before ${signedAt.toISOString()}, when an index of the lock was signed.`,
  advice: 'Set the clock; with it behind, nobody notices that a key has expired.',
});

/** The statements of a signature that are compared with the time and with known weaknesses. */
export interface SignatureFacts {
  /** Number of its hash algorithm. */
  readonly hash: number | null;
  readonly created: Date;
  readonly expires: Date | undefined;
}

/** Says what is wrong with a signature besides its number; undefined when nothing is. */
export function flaw(
  { hash, created, expires }: SignatureFacts,
  { now, past }: Check,
): Refusal | undefined {
  if (!strongHashes.has(hash)) return { reason: 'its hash algorithm is too weak' };
  if (past === undefined && isFromTheFuture(created, now)) {
    return {
      reason: `it is from the future, ${created.toISOString()}, while this machine's clock says ${now.toISOString()}`,
      clock: true,
    };
  }
  // For what was pinned before, it held when it was pinned.
  if (past === undefined && expires !== undefined && expires <= now) {
    return { reason: `it expired on ${expires.toISOString()}`, clock: true };
  }
  return undefined;
}
