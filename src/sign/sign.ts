import { canonicalJson } from '../base/canonical-json.ts';
import { type Statement, statementMediaType } from '../evidence/provenance/statement.ts';
import { type Bundle, bundleMediaType } from './bundle.ts';
import { preAuthenticationEncoding } from './envelope.ts';
import type { SigningKey } from './keys/signing-key.ts';

/**
 * Signs a statement, whose bytes are its canonical JSON. With Ed25519 and RSA the same statement
 * and key give the same bundle; ECDSA takes a random number for each signature.
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
