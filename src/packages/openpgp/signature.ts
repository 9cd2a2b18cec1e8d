import { Readable } from 'node:stream';
import type { KeyID, SignaturePacket, VerifyMessageResult } from 'openpgp';
import { MkbaseError } from '../../base/errors.ts';
import { clearSignedBlock } from './clear-signed.ts';
import { anyTime, withoutRevocations } from './key-life.ts';
import { type SignatureBody, signatureBodies, unverifiable } from './signature-packets.ts';
import { acceptSigners, type Check, flaw, judged, type Refusal, type Signer } from './signers.ts';
import { verifyV3 } from './v3-signature.ts';

type VerificationResult = VerifyMessageResult['signatures'][number];

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

/** Four times what any archive has on one file. Each hashes the file anew. */
const maxSignatures = 32;

/** Refuses a file with more signatures than anybody makes. Throws SOURCE_UNTRUSTED. */
function requireFew(count: number, what: string): void {
  if (count <= maxSignatures) return;
  throw new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: `${what} has ${count} signatures; at most ${maxSignatures} are read.`,
    hint: 'Nobody signs a file so often: use another mirror (--mirror), or report it.',
  });
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
    const ids = message.getSigningKeyIDs();
    requireFew(ids.length, check.what);
    const settings = await verifying(check, ids);
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
    const binarySignature = await unarmored(signatureBytes);
    const packets = signaturePackets(binarySignature);
    requireFew(packets.length, check.what);
    const unknown = packets.flatMap((packet) => unverifiable(packet) ?? []);
    if (packets.length > 0 && unknown.length === packets.length) {
      return acceptSigners(
        unknown.map((reason) => ({ reason })),
        check,
      );
    }
    const old = packets.filter(({ version }) => version === 3);
    if (old.length > 0) return acceptSigners(await verifyV3(source, old, check), check);
    const signature = await readSignature({ binarySignature });
    const ids = signature.getSigningKeyIDs();
    requireFew(ids.length, check.what);
    const binary = Readable.toWeb(Readable.from(source)) as ReadableStream<Uint8Array>;
    const message = await createMessage({ binary });
    const { data, signatures } = await verify({
      message,
      signature,
      ...(await verifying(check, ids)),
      format: 'binary',
    });
    await readToEnd(data as unknown as ReadableStream);
    return await signers(signatures, check);
  } catch (error) {
    throw untrusted(error, check.what);
  }
}

/** Returns a signature without its armor (RFC 9580, section 6). */
async function unarmored(bytes: Uint8Array): Promise<Uint8Array> {
  const text = Buffer.from(bytes).toString('latin1');
  if (!text.startsWith('-----BEGIN')) return bytes;
  const { unarmor } = await import('openpgp');
  return Buffer.from((await (await unarmor(text)).data) as unknown as Uint8Array);
}

/** Splits a signature into packets; none for bytes of which openpgp has to say what is wrong. */
function signaturePackets(bytes: Uint8Array): SignatureBody[] {
  try {
    return signatureBodies(bytes);
  } catch {
    return [];
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

async function signers(
  signatures: readonly VerificationResult[],
  check: Check,
): Promise<readonly string[]> {
  const outcomes = await Promise.all(signatures.map((signature) => signer(signature, check)));
  return acceptSigners(outcomes, check);
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
  const expires = packet.getExpirationTime();
  const facts = {
    hash: packet.hashAlgorithm,
    created: packet.created,
    expires: expires instanceof Date ? expires : undefined,
  };
  const refusal = flaw(facts, check);
  if (refusal !== undefined) return of(refusal);
  return judged(key, result.keyID, packet.created, check);
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
