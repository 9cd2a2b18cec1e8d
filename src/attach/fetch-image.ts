import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../base/canonical-json.ts';
import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { isRecord, list, record, text } from '../base/json.ts';
import { mapConcurrent } from '../base/map-concurrent.ts';
import { hostPlatform, platforms } from '../base/platform.ts';
import { largestArchive } from '../oci/archive-files.ts';
import { blobPath, type Descriptor, layoutMarker, mediaTypes } from '../oci/blob.ts';
import { digestPattern } from '../oci/reference-grammar.ts';
import { registryCorrupt } from '../registry/failure.ts';
import { registryLimits } from '../registry/limits.ts';
import { type FoundManifest, indexTypes } from '../registry/manifests.ts';
import { trackProgress } from '../store/transfer/progress.ts';
import { type Content, requireManifest, type Which } from './content.ts';

/** Docker's own limit is 127. */
const mostLayers = 128;

/** Reads a descriptor out of a manifest. REGISTRY_CORRUPT for one that cannot be followed. */
export function descriptorIn(value: unknown, where: string): Descriptor {
  const { mediaType, digest, size } = record(value);
  const isSize = typeof size === 'number' && Number.isSafeInteger(size) && size >= 0;
  if (digestPattern.test(text(digest)) && isSize && size <= largestArchive) {
    return { mediaType: text(mediaType), digest: text(digest), size };
  }
  throw registryCorrupt(`${where} is no descriptor of a blob that mkbase reads.`);
}

/** Returns the blobs that a manifest names: its config, then its layers. REGISTRY_CORRUPT. */
export function blobsOf({ value, digest }: FoundManifest): Descriptor[] {
  const layers = list(value.layers);
  if (layers.length > mostLayers) {
    throw registryCorrupt(`${digest} has ${layers.length} layers; at most ${mostLayers} are read.`);
  }
  return [value.config, ...layers].map((each, at) =>
    descriptorIn(each, `${digest}: ${at === 0 ? 'config' : `layers[${at - 1}]`}`),
  );
}

const platformText = (value: unknown): string => {
  const { os, architecture, variant } = record(value);
  return [text(os), text(architecture), ...(text(variant) ? [text(variant)] : [])].join('/');
};

/** Chooses the image of an index for this machine; the only one where there is one. USAGE. */
function chosenIn({ value, digest }: FoundManifest): string {
  const images = list(value.manifests).filter(
    (each) => isRecord(each) && record(each.platform).os !== 'unknown',
  );
  const own = hostPlatform();
  const mine = images.filter((each) => {
    const { os, architecture } = record(record(each).platform);
    return os === 'linux' && architecture === own.ociArchitecture;
  });
  const [first] = images.length === 1 ? images : mine;
  const found = text(record(first).digest);
  if (digestPattern.test(found)) return found;
  const names = images.map(
    (each) => `${platformText(record(each).platform)} ${text(record(each).digest)}`,
  );
  throw new MkbaseError({
    code: 'USAGE',
    message: `${digest} is an index without an image for linux/${own.ociArchitecture}:\n  ${names.slice(0, 20).join('\n  ')}`,
    hint: 'Name one of these images by its digest: NAME@sha256:….',
  });
}

/** Finds the image that a tag or digest names; of an index, the one for this machine. REGISTRY_*, USAGE. */
export async function findImage(content: Content, which: Which, io: Io): Promise<FoundManifest> {
  const top = await requireManifest(content, which, io);
  if (!indexTypes.includes(top.mediaType)) return top;
  const image = await requireManifest(content, { digest: chosenIn(top) }, io);
  if (!indexTypes.includes(image.mediaType)) return image;
  throw registryCorrupt(`${content.name}: an index stands where an image should be.`);
}

const isOurs = (architecture: unknown, variant: unknown) =>
  Object.values(platforms).some(
    (each) => each.ociArchitecture === architecture && each.ociVariant === variant,
  );

/** Returns the index of a layout with one image, as mkbase writes it for an image that it can have made. */
function indexOf({ mediaType, digest, bytes }: FoundManifest, config: Buffer) {
  let read: unknown;
  try {
    read = JSON.parse(config.toString('utf8'));
  } catch {
    read = undefined;
  }
  const { os, architecture, variant } = record(read);
  const own = mediaType === mediaTypes.manifest && isOurs(architecture, variant);
  const platform = { architecture, os, ...(variant !== undefined && { variant }) };
  const manifest = { mediaType, digest, size: bytes.length };
  return {
    schemaVersion: 2,
    ...(own && { mediaType: mediaTypes.index }),
    manifests: [own ? { ...manifest, platform } : manifest],
  };
}

/**
 * Fetches an image into a new OCI image layout at `folder`, each blob checked against its digest. Errors:
 * REGISTRY_*, IO, NO_SPACE, INTERRUPTED.
 */
export async function fetchImage(
  content: Content,
  manifest: FoundManifest,
  folder: string,
  io: Io,
): Promise<void> {
  await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true });
  const blobs = blobsOf(manifest);
  const total = blobs.reduce((sum, { size }) => sum + size, 0);
  const progress = trackProgress('fetch', total, io.emit);
  const pathOf = ({ digest }: Descriptor) => join(folder, blobPath(digest));
  const onBytes = (bytes: number) => progress.moved(content.name, bytes);
  const wanted = [...new Map(blobs.map((each) => [each.digest, each])).values()];
  const fetch = (blob: Descriptor, group: Io) => content.fetch(blob, pathOf(blob), onBytes, group);
  await mapConcurrent(wanted, registryLimits.concurrency, fetch, io);
  progress.finish();
  await writeFile(join(folder, blobPath(manifest.digest)), manifest.bytes);
  const config = blobs[0] ? await readFile(pathOf(blobs[0])) : Buffer.from('');
  await writeFile(join(folder, 'index.json'), canonicalJson(indexOf(manifest, config)));
  await writeFile(join(folder, layoutMarker.name), layoutMarker.text);
}
