import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type Algorithm, algorithmOf } from './algorithm.ts';
import { readPem, wrongKey } from './pem.ts';

/** A public key that checks signatures. */
export interface VerificationKey {
  readonly algorithm: Algorithm;
  /** Base64 of the sha256 of its SubjectPublicKeyInfo, as in cosign's bundles. */
  readonly hint: string;
  readonly verifies: (bytes: Uint8Array, signature: Uint8Array) => boolean;
}

/** Returns the hint by which bundles name a key. */
export const hintOf = (publicKey: KeyObject): string =>
  createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');

/** Makes a verification key. Throws a plain Error that says why the key cannot be used. */
export function verificationKey(key: KeyObject): VerificationKey {
  const algorithm = algorithmOf(key);
  if ('problem' in algorithm) throw new Error(algorithm.problem);
  return {
    algorithm,
    hint: hintOf(key),
    verifies: (bytes, signature) => verify(algorithm.digest, bytes, key, signature),
  };
}

/** Reads a public key in PEM form (SubjectPublicKeyInfo). Errors: IO; USAGE when it is none. */
export async function loadVerificationKey(file: string): Promise<VerificationKey> {
  const pem = await readPem(file);
  const { label, text } = pem;
  if (label !== 'PUBLIC KEY') {
    const hint = label.endsWith('PRIVATE KEY')
      ? 'Signatures are checked with the public key: name that file, which --generate-key wrote beside it as .pub, or make it with `openssl pkey -pubout`.'
      : 'Name a file that begins with "-----BEGIN PUBLIC KEY-----".';
    throw wrongKey({ ...pem, label: '' }, `holds no public key but "${label}"`, hint);
  }
  try {
    return verificationKey(createPublicKey(text));
  } catch (error) {
    throw wrongKey(
      pem,
      `is no public key that signatures can be checked with: ${(error as Error).message}`,
      'Expected Ed25519, ECDSA on P-256, or RSA of at least 2048 bits.',
      error,
    );
  }
}
