import { type Blob, type Descriptor, jsonBlob, mediaTypes, sha256 } from '../oci/blob.ts';
import type { BlobSource } from './blobs.ts';

/** The config of an artifact that has none (image-spec, "Guidance for an Empty Descriptor"). */
const emptyBytes = Buffer.from('{}');
const empty: Descriptor = {
  mediaType: 'application/vnd.oci.empty.v1+json',
  digest: sha256(emptyBytes),
  size: emptyBytes.length,
};

export type Annotations = Readonly<Record<string, string>>;

/** A file of an artifact. */
export interface ArtifactFile extends BlobSource {
  readonly mediaType: string;
  readonly annotations?: Annotations;
}

/** Something that is attached to a manifest: its type, its files, and words about it. */
export interface Attachment {
  /** By which it is looked for among the referrers. */
  readonly artifactType: string;
  readonly annotations?: Annotations;
  readonly files: readonly ArtifactFile[];
}

/** An attachment's manifest, and all blobs that have to be there before it. */
export interface Artifact {
  readonly manifest: Blob;
  /** Its entry in a list of referrers (image-spec, "Referrers"). */
  readonly listed: Descriptor & {
    readonly artifactType: string;
    readonly annotations?: Annotations;
  };
  readonly blobs: readonly BlobSource[];
}

/** Makes the artifact that attaches files to a subject (image-spec 1.1, manifest.md): the same for the same. */
export function artifactOf(
  { artifactType, annotations, files }: Attachment,
  subject: Descriptor,
): Artifact {
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType,
    config: empty,
    layers: files.map(({ mediaType, digest, size, annotations: words }) => ({
      ...{ mediaType, digest, size },
      ...(words && { annotations: words }),
    })),
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    ...(annotations && { annotations }),
  });
  const { mediaType, digest, bytes } = manifest;
  return {
    manifest,
    listed: {
      ...{ mediaType, digest, size: bytes.length, artifactType },
      ...(annotations && { annotations }),
    },
    blobs: [...files, { ...empty, bytes: () => emptyBytes }],
  };
}
