import type { Io } from '../base/events.ts';
import { mapConcurrent } from '../base/map-concurrent.ts';
import type { Blob, Descriptor } from '../oci/blob.ts';
import { type Artifact, type Attachment, artifactOf } from './artifact.ts';
import { type BlobSource, type OnBytes, pushBlob } from './blobs.ts';
import { headManifest, putManifest } from './manifests.ts';
import { listReferrers, listUnderTag } from './referrers.ts';
import type { Repository } from './remote-reference.ts';
import type { OpenRepository } from './session.ts';

/** Something that can be pushed: an image, or an index with all its images. */
export interface Shipment {
  /** Layers and configs. */
  readonly blobs: readonly BlobSource[];
  /** Manifests, then the index over them: each comes after all that it names. */
  readonly manifests: readonly Blob[];
}

export interface PushOptions {
  /** A repository of the same registry from which blobs may be mounted. */
  readonly from?: Repository | undefined;
  readonly onBytes?: OnBytes;
}

const distinct = <T extends { readonly digest: string }>(all: readonly T[]): T[] => [
  ...new Map(all.map((each) => [each.digest, each])).values(),
];

/**
 * Brings a shipment to a repository, under no tag: first all blobs, several at a time, then the manifests in
 * their order. What is there is not sent again. Errors: REGISTRY_*, INTERRUPTED, those of reading the blobs.
 */
export async function pushShipment(
  repository: OpenRepository,
  { blobs, manifests }: Shipment,
  { from, onBytes = () => {} }: PushOptions,
  io: Io,
): Promise<void> {
  const { concurrency } = repository.session.network.limits;
  const send = (blob: BlobSource, group: Io) =>
    pushBlob(repository, blob, { from, onBytes }, group);
  await mapConcurrent(distinct(blobs), concurrency, send, io);
  for (const manifest of manifests) {
    const found = await headManifest(repository, { digest: manifest.digest }, io);
    if (found !== manifest.digest) await putManifest(repository, manifest, undefined, io);
  }
}

/** Gives a manifest or index that is in the repository a tag, unless it has it. REGISTRY_*. */
export async function tagManifest(
  repository: OpenRepository,
  manifest: Blob,
  tag: string,
  io: Io,
): Promise<void> {
  const found = await headManifest(repository, { tag }, io);
  if (found !== manifest.digest) await putManifest(repository, manifest, tag, io);
}

/**
 * Attaches things to a manifest that is in the repository, each as an artifact of its own that refers to it.
 * Things that are attached already stay as they are. Where the registry keeps no list of referrers, they are listed under
 * the fallback tag. REGISTRY_*.
 */
export async function attach(
  repository: OpenRepository,
  subject: Descriptor,
  attachments: readonly Attachment[],
  io: Io,
): Promise<void> {
  const listed = await listReferrers(repository, subject.digest, io);
  const known = new Set(listed.map(({ digest }) => digest));
  const artifacts = attachments
    .map((each) => artifactOf(each, subject))
    .filter(({ manifest }) => !known.has(manifest.digest));
  await putArtifacts(repository, subject.digest, artifacts, io);
}

/**
 * Brings artifacts, whose manifests name their subject, to a repository. Where the registry keeps no list of
 * referrers, they are listed under the fallback tag. REGISTRY_*.
 */
export async function putArtifacts(
  repository: OpenRepository,
  subject: string,
  artifacts: readonly Artifact[],
  io: Io,
): Promise<void> {
  const blobs = artifacts.flatMap((each) => each.blobs);
  await pushShipment(repository, { blobs, manifests: [] }, {}, io);
  const put = async ({ manifest }: Artifact, group: Io) =>
    putManifest(repository, manifest, undefined, group);
  const { concurrency } = repository.session.network.limits;
  const answers = await mapConcurrent(artifacts, concurrency, put, io);
  const unlisted = artifacts.filter((_, at) => !answers[at]?.keepsReferrers);
  if (unlisted.length > 0) await listUnderTag(repository, subject, unlisted, io);
}
