import type { Header } from '../package/header.ts';
import { signatureTags, tags } from '../package/tags.ts';

/** A signature of a package, as OpenPGP packets, and the part that it covers. */
export interface RpmSignature {
  readonly covers: 'header' | 'header and payload';
  readonly bytes: Buffer;
}

/** Signatures that are tried at most: rpm's tools make one for each key. */
const maxSignatures = 32;

/** Decodes base64 with blanks in it. Nobody vouches for the text: the time is in proportion to its length. */
function decoded(text: string): Buffer {
  const base64 = text.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new SyntaxError('a signature is no base64');
  return Buffer.from(base64, 'base64');
}

/**
 * Lists the signatures that vouch for a package: those over its header, whose digest of the payload covers
 * the rest. Where the header has no such digest, as with CentOS 7, only those over both count. Throws
 * SyntaxError.
 */
export function signaturesOf(signatures: Header, header: Header): RpmSignature[] {
  const { dsaHeader, rsaHeader, openPgp, dsaWhole, rsaWhole } = signatureTags;
  const binaries = (...numbers: number[]) => numbers.flatMap((tag) => signatures.binary(tag) ?? []);
  const ofHeader = [
    ...binaries(rsaHeader, dsaHeader),
    ...signatures.texts(openPgp).slice(0, maxSignatures).map(decoded),
  ];
  const hasDigest = header.has(tags.payloadDigests) || header.has(tags.payloadSha512);
  if (hasDigest && ofHeader.length > 0) {
    return ofHeader.map((bytes) => ({ covers: 'header', bytes }));
  }
  return binaries(rsaWhole, dsaWhole).map((bytes) => ({ covers: 'header and payload', bytes }));
}
