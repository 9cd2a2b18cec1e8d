import { createHash, type Hash } from 'node:crypto';
import { MkbaseError } from '../../../base/errors.ts';
import { verifyDetached } from '../../openpgp/signature.ts';
import type { Check } from '../../openpgp/signers.ts';
import type { Header } from '../package/header.ts';
import { type OpenedRpm, openRpm } from '../package/open-rpm.ts';
import { refusedRpm } from '../package/refusal.ts';
import { signatureTags } from '../package/tags.ts';
import { payloadDigests } from './payload-digests.ts';
import { type RpmSignature, signaturesOf } from './signatures.ts';

/** A package whose own signature held in this run. Nothing but `verifyRpm` makes one. */
export class SignedRpm {
  protected readonly seal = 'signed rpm';
  /** sha256 of the whole file, hexadecimal. */
  readonly sha256: string;
  readonly header: Header;
  /** Fingerprints of the primary keys whose signatures held, upper-case hexadecimal, sorted. */
  readonly signedBy: readonly string[];

  private constructor({ sha256, header, signedBy }: Omit<SignedRpm, 'seal'>) {
    this.sha256 = sha256;
    this.header = header;
    this.signedBy = signedBy;
  }

  static seen(sha256: string, header: Header, signedBy: readonly string[]): SignedRpm {
    return new SignedRpm({ sha256, header, signedBy });
  }
}

/** Reads what is left of a package, hashing it. */
async function* payloadOf({ rest }: OpenedRpm, whole: Hash): AsyncGenerator<Uint8Array> {
  for (;;) {
    const chunk = await rest.readSome(256 * 1024);
    if (chunk.length === 0) return;
    whole.update(chunk);
    yield chunk;
  }
}

const { dsaHeader, rsaHeader, openPgp } = signatureTags;
const headerSignatures = [dsaHeader, rsaHeader, openPgp];

/** The error of a package that nobody signed, or not as a whole. */
const unsigned = (what: string, { has }: { has: (tag: number) => boolean }): MkbaseError =>
  new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: headerSignatures.some(has)
      ? `${what} is not signed over its payload, and its header has no digest of it.`
      : `${what} is not signed.`,
    hint: 'Use a repository whose packages are signed, or have whoever makes them sign them (rpmsign --addsign).',
  });

/** Returns who signed, by the first signature that holds. Throws the error of the last that does not. */
async function anySigner(
  signatures: readonly RpmSignature[],
  verify: (signature: RpmSignature) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  let failed: unknown;
  const signers = new Set<string>();
  for (const signature of signatures) {
    try {
      for (const each of await verify(signature)) signers.add(each);
    } catch (error) {
      if (!(error instanceof MkbaseError) || error.code !== 'SOURCE_UNTRUSTED') throw error;
      failed = joined(failed, error);
    }
  }
  if (signers.size === 0) throw failed;
  return [...signers].sort();
}

/** Joins the reasons of several signatures into one error. */
function joined(before: unknown, { code, message, hint }: MkbaseError): MkbaseError {
  if (!(before instanceof MkbaseError)) {
    return new MkbaseError({ code, message, ...(hint !== undefined && { hint }) });
  }
  const reasons = message.split('\n').slice(1);
  const all = [before.message, ...reasons].join('\n');
  const told = before.hint ?? hint;
  return new MkbaseError({ code, message: all, ...(told !== undefined && { hint: told }) });
}

async function* chunks(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function* followedBy(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

/** Checks a signature over the header, and the payload by the digests that the header states. */
async function byHeader(
  opened: OpenedRpm,
  signatures: readonly RpmSignature[],
  check: Check,
  whole: Hash,
): Promise<readonly string[]> {
  const { bytes } = opened.header;
  const signedBy = await anySigner(signatures, (signature) =>
    verifyDetached(chunks([bytes]), signature.bytes, check),
  );
  const digests = payloadDigests(opened.header);
  for await (const chunk of payloadOf(opened, whole)) digests.update(chunk);
  const problem = digests.problem();
  if (problem === undefined) return signedBy;
  throw new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${check.what} was changed after it was signed: ${problem}.`,
    hint: 'Fetch it from another mirror (--mirror).',
  });
}

/** Checks a signature over header and payload, in one pass. */
async function byWhole(
  opened: OpenedRpm,
  signatures: readonly RpmSignature[],
  check: Check,
  whole: Hash,
): Promise<readonly string[]> {
  // The stream can be read once: of two such signatures, the second is of the same header and payload.
  const [signature] = signatures;
  if (signature === undefined) {
    throw unsigned(check.what, { has: (tag) => opened.signatures.has(tag) });
  }
  const signed = followedBy(opened.header.bytes, payloadOf(opened, whole));
  return verifyDetached(signed, signature.bytes, check);
}

/**
 * Verifies a package's own signature with the believed keys, over its header and its payload, in one pass.
 * Keys all of whose own signatures are of a broken hash are refused, those apart that ship with mkbase and
 * are known for it. Throws SOURCE_UNTRUSTED, SOURCE_CORRUPT, ARCHIVE_REFUSED.
 */
export async function verifyRpm(
  source: AsyncIterable<Uint8Array>,
  given: Check,
): Promise<SignedRpm> {
  const check = { ...given, strongKeys: true };
  const opened = await openRpm(source, check.what);
  try {
    const whole = createHash('sha256');
    for (const bytes of opened.start) whole.update(bytes);
    const signatures = signaturesOf(opened.signatures, opened.header);
    const verify = signatures[0]?.covers === 'header' ? byHeader : byWhole;
    const signedBy = await verify(opened, signatures, check, whole);
    return SignedRpm.seen(whole.digest('hex'), opened.header, signedBy);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refusedRpm(check.what, `its header cannot be read: ${error.message}`);
  } finally {
    await opened.rest.close();
  }
}
