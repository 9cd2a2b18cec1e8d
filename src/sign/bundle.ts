import type { Envelope } from './envelope.ts';

/** Media type of a bundle, version 0.3 (sigstore/protobuf-specs, sigstore_bundle.proto). */
export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/**
 * A Sigstore bundle whose statement was signed with a key that verifiers know: no certificate, and
 * nothing from a transparency log.
 */
export interface Bundle {
  readonly mediaType: typeof bundleMediaType;
  readonly verificationMaterial: {
    /** `hint` says which key, and proves nothing. */
    readonly publicKey: { readonly hint: string };
  };
  readonly dsseEnvelope: Envelope;
}
