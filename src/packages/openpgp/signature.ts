import { Readable } from 'node:stream';
import type { KeyID, PublicKey, SignaturePacket, VerifyMessageResult } from 'openpgp';
import { MkbaseError } from '../../base/errors.ts';
import type { Warning } from '../../base/events.ts';
import { judgeKey, type PastCheck } from '../keyrings/judge-key.ts';
import { type FindKey, findShippedKey } from '../keyrings/shipped.ts';
import { clearSignedBlock } from './clear-signed.ts';
import { anyTime, keyLife, withoutRevocations } from './key-life.ts';

type VerificationResult = VerifyMessageResult['signatures'][number];

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
}

/**
 * Returns the keys that may have signed and settings for openpgp, which knows no clock skew and cannot tell the past from now:
 * `judged` compares times and revocations. Keys are often renewed, so that for what was pinned before a
 * self-signature may be newer than what the key signed.
 */
const verifying = async ({ keys, past }: Check, ids: readonly KeyID[]) => ({
  verificationKeys: await withoutRevocations(
    keys.filter((key) => ids.some((id) => key.getKeys(id).length > 0)),
  ),
  date: anyTime,
  config: { allowInsecureVerificationWithReformattedKeys: past !== undefined },
});

/** A text whose signature held. */
export interface SignedText {
  /** Only what the signature covers, lines ended by newlines, trailing blanks removed (RFC 9580 section 7). */
  readonly text: string;
  /** Fingerprints of the primary keys whose signatures held, upper-case hexadecimal, sorted. */
  readonly signedBy: readonly string[];
}

/**
 * Verifies a clear-signed file (InRelease). One fully valid signature by a trusted key is enough:
 * Debian signs with several keys, and an older trust store need not know the newest. Throws
 * SOURCE_UNTRUSTED.
 */
export async function verifyClearSigned(bytes: Uint8Array, check: Check): Promise<SignedText> {
  const cleartextMessage = clearSignedBlock(bytes, check.what);
  const { readCleartextMessage, verify } = await import('openpgp');
  try {
    const message = await readCleartextMessage({ cleartextMessage });
    const settings = await verifying(check, message.getSigningKeyIDs());
    const { signatures } = await verify({ message, ...settings });
    return { text: message.getText(), signedBy: await signers(signatures, check) };
  } catch (error) {
    throw untrusted(error, check.what);
  }
}

/** Verifies a detached signature, armored or binary, over a stream; returns fingerprints as above. */
export async function verifyDetached(
  source: AsyncIterable<Uint8Array>,
  signatureBytes: Uint8Array,
  check: Check,
): Promise<readonly string[]> {
  const { createMessage, readSignature, verify } = await import('openpgp');
  try {
    const text = Buffer.from(signatureBytes).toString('latin1');
    const signature = text.startsWith('-----BEGIN')
      ? await readSignature({ armoredSignature: text })
      : await readSignature({ binarySignature: signatureBytes });
    const binary = Readable.toWeb(Readable.from(source)) as ReadableStream<Uint8Array>;
    const message = await createMessage({ binary });
    const { data, signatures } = await verify({
      message,
      signature,
      ...(await verifying(check, signature.getSigningKeyIDs())),
      format: 'binary',
    });
    await readToEnd(data as unknown as ReadableStream);
    return await signers(signatures, check);
  } catch (error) {
    throw untrusted(error, check.what);
  }
}

/**
 * Reads a stream to its end, so that openpgp computes the hash. openpgp taps the stream by replacing
 * its getReader, so no other way of reading works.
 */
async function readToEnd(data: ReadableStream): Promise<void> {
  const reader = data.getReader();
  while (!(await reader.read()).done);
}

/** The reason why a signature does not hold; `clock` when this machine's date may be to blame. */
interface Refusal {
  readonly reason: string;
  readonly hint?: string | undefined;
  readonly clock?: boolean;
}

/** A signature that holds, and what is to be said of its key. */
interface Signer {
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

async function signers(
  signatures: readonly VerificationResult[],
  check: Check,
): Promise<readonly string[]> {
  const outcomes = await Promise.all(signatures.map((signature) => signer(signature, check)));
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

/** Returns who made a signature, or the reason why it does not hold. */
async function signer(result: VerificationResult, check: Check): Promise<Signer | Refusal> {
  const id = result.keyID.toHex().toUpperCase();
  const key = check.keys.find((candidate) => candidate.getKeys(result.keyID).length > 0);
  if (key === undefined) return { reason: `Key ${id} is not among the trusted keys.` };
  const of = (refusal: Refusal) => ({
    ...refusal,
    reason: `Signature by ${id}: ${refusal.reason}.`,
  });
  try {
    await result.verified;
  } catch (error) {
    return of({ reason: (error as Error).message });
  }
  const packet = (await result.signature).packets[0] as SignaturePacket | undefined;
  if (!packet?.created) return of({ reason: 'it does not say when it was made' });
  const refusal = flaw(packet, packet.created, check);
  if (refusal !== undefined) return of(refusal);
  return judged(key, result.keyID, packet.created, check);
}

/** Judges the key of a signature that holds. */
async function judged(
  key: PublicKey,
  id: VerificationResult['keyID'],
  signedAt: Date,
  { now, past, known = findShippedKey }: Check,
): Promise<Signer | Refusal> {
  const name = `Key ${id.toHex().toUpperCase()}`;
  try {
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
const strongHashes = new Set<number | null>([8, 9, 10, 12, 14]);

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

function flaw(packet: SignaturePacket, created: Date, { now, past }: Check): Refusal | undefined {
  if (!strongHashes.has(packet.hashAlgorithm)) return { reason: 'its hash algorithm is too weak' };
  if (past === undefined && isFromTheFuture(created, now)) {
    return {
      reason: `it is from the future, ${created.toISOString()}, while this machine's clock says ${now.toISOString()}`,
      clock: true,
    };
  }
  const expires = packet.getExpirationTime();
  // For what was pinned before, it held when it was pinned.
  if (past === undefined && expires instanceof Date && expires <= now) {
    return { reason: `it expired on ${expires.toISOString()}`, clock: true };
  }
  return undefined;
}

function untrusted(error: unknown, what: string): MkbaseError {
  if (error instanceof MkbaseError) return error;
  return new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: `The signature of ${what} cannot be read: ${(error as Error).message}`,
    hint: 'Check that the mirror is the right one and that no proxy or login page answers in its place.',
    cause: error,
  });
}
