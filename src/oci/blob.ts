import { canonicalJson } from '../base/canonical-json.ts';
import { sha256OfBytes } from '../base/hash.ts';

/** Media types of the OCI image specification 1.1 (media-types.md). */
export const mediaTypes = {
  config: 'application/vnd.oci.image.config.v1+json',
  /**
   * Not compressed, so that the layer's digest is its diffID and hangs on no implementation of
   * deflate, of which there is a different one in every Node, Go and gzip.
   */
  layer: 'application/vnd.oci.image.layer.v1.tar',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
} as const;

/** A blob that is small enough to hold in memory: a config, a manifest or an index. */
export interface Blob {
  readonly mediaType: string;
  /** `sha256:<hex>` of `bytes`. */
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** A reference to a blob (image-spec, descriptor.md). `size` is in bytes. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Returns `sha256:<hex>` of bytes in memory. */
export const sha256 = (bytes: Uint8Array): string => `sha256:${sha256OfBytes(bytes)}`;

/** Encodes a value as canonical JSON: equal values give equal blobs. */
export function jsonBlob(mediaType: string, value: object): Blob {
  const bytes = Buffer.from(canonicalJson(value));
  return { mediaType, digest: sha256(bytes), bytes };
}

/** Returns the descriptor of a blob. */
export const describe = ({ mediaType, digest, bytes }: Blob): Descriptor => ({
  mediaType,
  digest,
  size: bytes.length,
});

/** Returns the path of a blob in an OCI image layout (image-spec, image-layout.md), from its root. */
export const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

/** The file by which a folder or archive is an OCI image layout, and its contents (image-spec, image-layout.md). */
export const layoutMarker = { name: 'oci-layout', text: '{"imageLayoutVersion":"1.0.0"}' } as const;
