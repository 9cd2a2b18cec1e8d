import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { MkbaseError } from '../../base/errors.ts';
import { type Algorithm, algorithmOf } from './algorithm.ts';
import { parseKeyOption } from './key-option.ts';
import { readPem, wrongKey } from './pem.ts';

/** A public key that checks signatures. */
export interface VerificationKey {
  readonly algorithm: Algorithm;
  /** Base64 of the sha256 of its SubjectPublicKeyInfo, as in cosign's bundles. */
  readonly hint: string;
  readonly verifies: (bytes: Uint8Array, signature: Uint8Array) => boolean;
  /** The time from which evidence is not believed for it; for ever when left out. */
  readonly until?: Date;
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

/**
 * Reads the public key that a value of `--key` names, in PEM form (SubjectPublicKeyInfo). Errors: IO;
 * USAGE when it is none, or more than one.
 */
export async function loadVerificationKey(option: string): Promise<VerificationKey> {
  const { file, until } = parseKeyOption(option);
  const pem = await readPem(file);
  const { label, text } = pem;
  if (label !== 'PUBLIC KEY') {
    const hint = label.endsWith('PRIVATE KEY')
      ? 'Signatures are checked with the public key: name that file, which --generate-key wrote beside it as .pub, or make it with `openssl pkey -pubout`.'
      : 'Name a file that begins with "-----BEGIN PUBLIC KEY-----".';
    throw wrongKey({ ...pem, label: '' }, `holds no public key but "${label}"`, hint);
  }
  if ((text.match(/^-----BEGIN /gm) ?? []).length > 1) {
    const hint = 'Write each key into a file of its own, and name each with --key.';
    throw wrongKey(pem, 'holds more than one key, of which only the first would count', hint);
  }
  try {
    return { ...verificationKey(createPublicKey(text)), ...(until && { until }) };
  } catch (error) {
    throw wrongKey(
      pem,
      `is no public key that signatures can be checked with: ${(error as Error).message}`,
      'Expected Ed25519, ECDSA on P-256, or RSA of at least 2048 bits.',
      error,
    );
  }
}

/**
 * Reads the public keys that values of `--key` name; a key that is named twice counts once. Errors: as
 * loadVerificationKey; USAGE when a key is named with two different ends.
 */
export async function loadVerificationKeys(options: readonly string[]): Promise<VerificationKey[]> {
  const keys = new Map<string, VerificationKey>();
  for (const option of options) {
    const key = await loadVerificationKey(option);
    const before = keys.get(key.hint);
    if (before !== undefined && before.until?.getTime() !== key.until?.getTime()) {
      throw new MkbaseError({
        code: 'USAGE',
        message: `--key ${JSON.stringify(option)} names a key that is named before with another end.`,
        hint: 'Name each key once.',
      });
    }
    keys.set(key.hint, key);
  }
  return [...keys.values()];
}
