import type { KeyObject } from 'node:crypto';

/** A signature scheme that DSSE verifiers, cosign among them, use with a kind of key. */
export interface Algorithm {
  readonly name: 'Ed25519' | 'ECDSA P-256' | 'RSA';
  /** Name of the digest in node:crypto; null where the scheme has its own. */
  readonly digest: 'sha256' | null;
  /** True if the same bytes always get the same signature. */
  readonly deterministic: boolean;
}

const ed25519: Algorithm = { name: 'Ed25519', digest: null, deterministic: true };
/** Signatures have DER form (RFC 3279), which is node:crypto's default. */
const ecdsaP256: Algorithm = { name: 'ECDSA P-256', digest: 'sha256', deterministic: false };
/** PKCS #1 v1.5 (RFC 8017 section 8.2), with which cosign checks RSA keys. */
const rsa: Algorithm = { name: 'RSA', digest: 'sha256', deterministic: true };

/** NIST SP 800-131A forbids fewer; cosign refuses more than 4096. */
const leastRsaBits = 2048;

/** Returns the scheme for a public or private key, or the reason why there is none. */
export function algorithmOf(key: KeyObject): Algorithm | { readonly problem: string } {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return ed25519;
    case 'ec':
      if (namedCurve === 'prime256v1') return ecdsaP256;
      return { problem: `it is on the curve ${namedCurve}` };
    case 'rsa':
      if (modulusLength >= leastRsaBits) return rsa;
      return { problem: `it is RSA of ${modulusLength} bits, expected at least ${leastRsaBits}` };
    default:
      return { problem: `it is ${key.asymmetricKeyType}` };
  }
}
