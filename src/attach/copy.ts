import { join } from 'node:path';
import type { Io } from '../base/events.ts';
import { list } from '../base/json.ts';
import type { Descriptor } from '../oci/blob.ts';
import type { Artifact } from '../registry/artifact.ts';
import { registryCorrupt } from '../registry/failure.ts';
import { type FoundManifest, indexTypes } from '../registry/manifests.ts';
import type { Shipment } from '../registry/push.ts';
import type { Repository } from '../registry/remote-reference.ts';
import { type Content, requireManifest, type Which } from './content.ts';
import { blobsOf, descriptorIn } from './fetch-image.ts';

/** A place that an image is copied to. */
export interface CopyTarget {
  /** Takes blobs and manifests in their order, under no tag. `from` is where blobs may be mounted from. */
  push(shipment: Shipment, from: Repository | undefined, io: Io): Promise<void>;
  /** Takes what is attached to a manifest that was pushed. */
  attach(subject: string, artifacts: readonly Artifact[], io: Io): Promise<void>;
  /** Gives what was copied its tag, last of all. */
  tag(manifest: FoundManifest, io: Io): Promise<void>;
}

/** The things that a copy brought. */
export interface Copied {
  /** Digest of the image or index. */
  readonly digest: string;
  /** Images, of an index or alone. */
  readonly images: number;
  /** Things attached to them. */
  readonly attached: number;
}

export interface CopyOptions {
  /** Leaves out what is attached. */
  readonly attach: boolean;
  /** A folder for blobs on their way. */
  readonly folder: string;
}

/** More images than there are platforms. */
const mostImages = 200;
/** A signature may be attached to what is attached. */
const deepest = 3;

interface Run {
  readonly content: Content;
  readonly target: CopyTarget;
  readonly options: CopyOptions;
  readonly io: Io;
}

const sourceOf = ({ content, options, io }: Run, blob: Descriptor) =>
  content.source(blob, join(options.folder, blob.digest.replace(':', '-')), io);

/** Reads the images of an index; an index in an index is refused. REGISTRY_*. */
async function imagesOf({ content, io }: Run, top: FoundManifest): Promise<FoundManifest[]> {
  if (!indexTypes.includes(top.mediaType)) return [top];
  const listed = list(top.value.manifests);
  if (listed.length > mostImages) {
    throw registryCorrupt(`${content.name}: an index of ${listed.length} images.`);
  }
  const images: FoundManifest[] = [];
  for (const [at, each] of listed.entries()) {
    const { digest } = descriptorIn(each, `${top.digest}: manifests[${at}]`);
    const image = await requireManifest(content, { digest }, io);
    if (indexTypes.includes(image.mediaType)) {
      throw registryCorrupt(`${content.name}: an index stands where an image should be.`);
    }
    images.push(image);
  }
  return images;
}

/** Reads what is attached to a manifest, as it is brought elsewhere. */
async function artifactsOf(run: Run, subject: string): Promise<Artifact[]> {
  const { content, io } = run;
  const artifacts: Artifact[] = [];
  for (const listed of await content.referrers(subject, io)) {
    const manifest = await content.manifest({ digest: listed.digest }, io);
    if (manifest === undefined) continue;
    const blobs = blobsOf(manifest).map((blob) => sourceOf(run, blob));
    artifacts.push({ manifest, listed, blobs });
  }
  return artifacts;
}

/** Brings what is attached to a manifest, and what is attached to that. Resolves to their number. */
async function copyAttached(run: Run, subject: string, depth = 0): Promise<number> {
  if (depth === deepest) return 0;
  const { content, target, io } = run;
  const artifacts = await artifactsOf(run, subject);
  if (artifacts.length === 0) return 0;
  const shipment = { blobs: artifacts.flatMap(({ blobs }) => blobs), manifests: [] };
  await target.push(shipment, content.repository, io);
  await target.attach(subject, artifacts, io);
  let count = artifacts.length;
  for (const { manifest } of artifacts)
    count += await copyAttached(run, manifest.digest, depth + 1);
  return count;
}

/**
 * Copies an image, or an index with all its images, with everything that is attached to them: every digest stays
 * as it is, and the tag comes last. Errors: REGISTRY_*, IO, NO_SPACE, INTERRUPTED.
 */
export async function copyImage(
  content: Content,
  which: Which,
  target: CopyTarget,
  options: CopyOptions,
  io: Io,
): Promise<Copied> {
  const run: Run = { content, target, options, io };
  const top = await requireManifest(content, which, io);
  const images = await imagesOf(run, top);
  const blobs = images.flatMap(blobsOf).map((blob) => sourceOf(run, blob));
  const manifests = images.includes(top) ? images : [...images, top];
  await target.push({ blobs, manifests }, content.repository, io);
  let attached = 0;
  for (const { digest } of options.attach ? manifests : []) {
    attached += await copyAttached(run, digest);
  }
  await target.tag(top, io);
  return { digest: top.digest, images: images.length, attached };
}
