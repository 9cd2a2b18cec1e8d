import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { type Algorithm, algorithmOf } from './algorithm.ts';
import { type Pem, readPem, wrongKey } from './pem.ts';
import { hintOf } from './verification-key.ts';

/** A private key that signs. */
export interface SigningKey {
  readonly algorithm: Algorithm;
  /** Base64 of the sha256 of the public key's SubjectPublicKeyInfo. */
  readonly hint: string;
  readonly sign: (bytes: Uint8Array) => Buffer;
}

/** Asks for the passphrase, only if the key is encrypted; undefined when there is none. */
export type Passphrase = () => Promise<string | undefined>;

const known = ['PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY'];

const isEncrypted = ({ label, text }: Pem): boolean =>
  label.startsWith('ENCRYPTED') || text.includes('Proc-Type: 4,ENCRYPTED');

function parsed(pem: Pem, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key: pem.text, ...(passphrase !== undefined && { passphrase }) });
  } catch (error) {
    // OpenSSL reports a wrong passphrase as wrong padding.
    if (passphrase !== undefined) {
      throw wrongKey(
        pem,
        'cannot be decrypted: the passphrase is wrong, or the file is damaged',
        'Set the passphrase in MKBASE_SIGN_PASSPHRASE, or name a file that holds it with --passphrase-file.',
        error,
      );
    }
    throw wrongKey(
      pem,
      'is no private key: it is damaged',
      'Make another with `mkbase sign --generate-key FILE`.',
      error,
    );
  }
}

async function passphraseFor(pem: Pem, ask: Passphrase): Promise<string | undefined> {
  if (!isEncrypted(pem)) return undefined;
  const passphrase = await ask();
  if (passphrase !== undefined) return passphrase;
  throw wrongKey(
    pem,
    'is encrypted, and there is no passphrase',
    'Set it in MKBASE_SIGN_PASSPHRASE, or name a file that holds it with --passphrase-file.',
  );
}

/** Makes a signing key. Throws a plain Error that says why the key cannot be used. */
export function signingKey(key: KeyObject): SigningKey {
  const algorithm = algorithmOf(key);
  if ('problem' in algorithm) throw new Error(algorithm.problem);
  return {
    algorithm,
    hint: hintOf(createPublicKey(key)),
    sign: (bytes) => sign(algorithm.digest, bytes, key),
  };
}

/**
 * Reads a private key in PEM form: PKCS #8 (RFC 5208), encrypted or not, or the older forms of
 * OpenSSL. Errors: IO; USAGE when it is none, or cannot be decrypted.
 */
export async function loadSigningKey(file: string, passphrase: Passphrase): Promise<SigningKey> {
  const pem = await readPem(file);
  if (!known.includes(pem.label)) {
    const hint = 'Make a pair of keys with `mkbase sign --generate-key FILE`.';
    throw wrongKey(pem, `holds no private key to sign with but "${pem.label}"`, hint);
  }
  const key = parsed(pem, await passphraseFor(pem, passphrase));
  try {
    return signingKey(key);
  } catch (error) {
    throw wrongKey(
      pem,
      `cannot be signed with: ${(error as Error).message}`,
      'Expected Ed25519, ECDSA on P-256, or RSA of at least 2048 bits.',
      error,
    );
  }
}
