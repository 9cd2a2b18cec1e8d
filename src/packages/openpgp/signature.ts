import { Readable } from 'node:stream';
import type { PublicKey, SignaturePacket, VerifyMessageResult } from 'openpgp';
import { MkbaseError } from '../../base/errors.ts';
import { clearSignedBlock } from './clear-signed.ts';

type VerificationResult = VerifyMessageResult['signatures'][number];

/** Seconds into the future that a signature may be dated: clocks differ, but not by more than a day. */
export const clockSkewSeconds = 86_400;

/** Keeps openpgp from checking times, since it knows no clock skew; `flaw` checks them. */
const checkedHere = null as unknown as Date;

/** The keys, the time and the words of a check. */
export interface Check {
  /** The trusted keys. */
  readonly keys: readonly PublicKey[];
  /** The checked file, for messages: a URL without credentials. */
  readonly what: string;
  /** Left out: each signature is checked as of its own time, for bytes that a lock pins. */
  readonly now?: Date | undefined;
}

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
    const { signatures } = await verify({
      message,
      verificationKeys: [...check.keys],
      date: checkedHere,
    });
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
      verificationKeys: [...check.keys],
      date: checkedHere,
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
  readonly clock?: boolean;
}

async function signers(
  signatures: readonly VerificationResult[],
  check: Check,
): Promise<readonly string[]> {
  const outcomes = await Promise.all(signatures.map((signature) => signer(signature, check)));
  const good = outcomes.filter((outcome) => typeof outcome === 'string');
  if (good.length > 0) return [...new Set(good)].sort();
  const refusals = outcomes.filter((outcome) => typeof outcome !== 'string');
  const reasons = refusals.map(({ reason }) => `\n  ${reason}`).join('');
  throw new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: `${check.what} has no valid signature by a trusted key.${reasons || '\n  It carries no signature.'}`,
    hint:
      check.now && refusals.some(({ clock }) => clock)
        ? `Check this machine's clock, which says ${check.now?.toISOString()}.`
        : 'Do not use this mirror until it is known why; try another one with --mirror.',
  });
}

/** Returns the fingerprint of the primary key that made a signature, or the reason why it does not hold. */
async function signer(result: VerificationResult, check: Check): Promise<string | Refusal> {
  const id = result.keyID.toHex().toUpperCase();
  const key = check.keys.find((candidate) => candidate.getKeys(result.keyID).length > 0);
  if (key === undefined) return { reason: `Key ${id} is not among the trusted keys.` };
  try {
    await result.verified;
  } catch (error) {
    return { reason: `Signature by ${id}: ${(error as Error).message}.` };
  }
  const packet = (await result.signature).packets[0] as SignaturePacket | undefined;
  const now = check.now ?? packet?.created ?? new Date(Number.NaN);
  const refusal = packet === undefined ? { reason: 'no signature packet' } : flaw(packet, now);
  if (refusal !== undefined)
    return { ...refusal, reason: `Signature by ${id}: ${refusal.reason}.` };
  try {
    // openpgp accepts a key that has expired or was revoked since it signed.
    await key.getSigningKey(result.keyID, now);
  } catch (error) {
    return { reason: `Key ${id}: ${(error as Error).message}.`, clock: true };
  }
  return key.getFingerprint().toUpperCase();
}

/** Numbers of SHA-256, SHA-384, SHA-512 and the SHA-3 family (RFC 9580 section 9.5). */
const strongHashes = new Set<number | null>([8, 9, 10, 12, 14]);

function flaw(packet: SignaturePacket, now: Date): Refusal | undefined {
  if (!strongHashes.has(packet.hashAlgorithm)) return { reason: 'its hash algorithm is too weak' };
  const created = packet.created?.getTime() ?? Number.POSITIVE_INFINITY;
  if (created > now.getTime() + clockSkewSeconds * 1000) {
    return {
      reason: `it is from the future, ${packet.created?.toISOString()}, while this machine's clock says ${now.toISOString()}`,
      clock: true,
    };
  }
  const expires = packet.getExpirationTime();
  if (expires instanceof Date && expires <= now) {
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
