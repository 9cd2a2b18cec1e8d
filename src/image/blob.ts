import { canonicalJson } from '../base/canonical-json.ts';
import { sha256OfBytes } from '../base/hash.ts';
import type { Blob } from './image.ts';

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

/** What one blob says of another (image-spec, descriptor.md). `size` in bytes. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** `sha256:<hex>` of bytes in memory. */
export const sha256 = (bytes: Uint8Array): string => `sha256:${sha256OfBytes(bytes)}`;

/** A value as the one sequence of bytes that stands for it. */
export function jsonBlob(mediaType: string, value: object): Blob {
  const bytes = Buffer.from(canonicalJson(value));
  return { mediaType, digest: sha256(bytes), bytes };
}

export const describe = ({ mediaType, digest, bytes }: Blob): Descriptor => ({
  mediaType,
  digest,
  size: bytes.length,
});

/** Where an OCI image layout keeps a blob (image-spec, image-layout.md), relative to its root. */
export const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`;
