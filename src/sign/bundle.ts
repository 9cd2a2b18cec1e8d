import { canonicalJson } from '../base/canonical-json.ts';
import { type Statement, statementMediaType } from '../evidence/provenance/statement.ts';
import type { SigningKey } from './keys/signing-key.ts';

/** Media type of a bundle, version 0.3 (sigstore/protobuf-specs, sigstore_bundle.proto). */
export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** A signature over an envelope's payload. */
interface EnvelopeSignature {
  /** Base64. */
  readonly sig: string;
  /** A hint: it is not signed itself. */
  readonly keyid?: string;
}

/** A signed payload in DSSE v1 (https://github.com/secure-systems-lab/dsse/blob/master/envelope.md). */
interface Envelope {
  /** Base64. */
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly EnvelopeSignature[];
}

/**
 * A Sigstore bundle whose statement was signed with a key that verifiers know: no certificate, and
 * nothing from a transparency log.
 */
export interface Bundle {
  readonly mediaType: typeof bundleMediaType;
  readonly verificationMaterial: {
    /** `hint` names the key, and proves nothing. */
    readonly publicKey: { readonly hint: string };
  };
  readonly dsseEnvelope: Envelope;
}

/**
 * Returns the bytes that are signed: type and payload, each with its length before it, so that no bytes
 * can be read as another pair (DSSE protocol.md, "Pre-Authentication Encoding").
 */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    payload,
  ]);
}

/**
 * Signs the canonical JSON of a statement. With Ed25519 and RSA the same statement and key give the same
 * bundle; ECDSA takes a random number for each signature.
 */
export function signStatement(statement: Statement, key: SigningKey): Bundle {
  const payload = Buffer.from(canonicalJson(statement));
  const signature = key.sign(preAuthenticationEncoding(statementMediaType, payload));
  return {
    mediaType: bundleMediaType,
    verificationMaterial: { publicKey: { hint: key.hint } },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: statementMediaType,
      signatures: [{ sig: signature.toString('base64') }],
    },
  };
}
