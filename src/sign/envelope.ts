/** One signature over an envelope's payload. Base64. */
export interface EnvelopeSignature {
  readonly sig: string;
  /** A hint only: it is not signed itself. */
  readonly keyid?: string;
}

/** DSSE v1 (https://github.com/secure-systems-lab/dsse/blob/master/envelope.md). */
export interface Envelope {
  /** Base64. */
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly EnvelopeSignature[];
}

/**
 * What is signed: type and payload, each with its length before it, so that no bytes can be read as
 * another pair (DSSE protocol.md, "Pre-Authentication Encoding").
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
