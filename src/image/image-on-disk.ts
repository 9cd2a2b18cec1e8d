import { MkbaseError } from '../base/errors.ts';
import { isRecord, type JsonRecord } from '../base/json.ts';
import { type PlatformName, platformOfImage } from '../base/platform.ts';
import type { OciProcessConfig } from '../engines/engine.ts';
import type { ArchiveFiles, FilePart } from '../oci/archive-files.ts';
import { blobPath, type Descriptor, mediaTypes } from '../oci/blob.ts';
import { largestJson } from '../oci/one-meaning.ts';
import { readJsonObject, refuseImage } from '../oci/read-layout.ts';
import { compressionOfType, layerCompressions, layerType } from './compress/compressions.ts';
import { checkTar, type StoredLayer } from './layer.ts';
import { readProcessConfig } from './process-config.ts';

/** An image found on disk, every digest of which has been recomputed. */
export interface ImageOnDisk {
  readonly platform: PlatformName;
  readonly manifestDigest: string;
  readonly configDigest: string;
  /** The `config` object of the OCI image config. */
  readonly config: OciProcessConfig;
  /** One or more, the lowest first; each unpacks to the tar of its diffID. */
  readonly layers: readonly StoredLayer[];
  /** Seconds since 1970, as the config has it. */
  readonly created: number;
  readonly manifest: FilePart;
  /** Layers and config. */
  readonly blobs: readonly FilePart[];
}

/** Reads a part that is a manifest, a config or an index. */
export const readJson = (part: FilePart, source: string, what: string): Promise<JsonRecord> =>
  readJsonObject(part, largestJson, (why) => refuseImage(source, `its ${what} ${why}`));

/** Checks a descriptor of one of the given media types field by field. */
export function readDescriptor(
  value: unknown,
  types: readonly string[],
  source: string,
): Descriptor {
  if (!isRecord(value)) return refuseImage(source, 'a descriptor is no object');
  const { digest, size } = value;
  const mediaType = types.find((each) => each === value.mediaType);
  if (mediaType === undefined) {
    return refuseImage(source, `expected ${types.join(' or ')}, found ${value.mediaType}`);
  }
  if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    return refuseImage(source, `${JSON.stringify(digest)} is no sha256 digest`);
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    return refuseImage(source, `${JSON.stringify(size)} is no size`);
  }
  return { mediaType, digest, size };
}

/** Finds the blob that a descriptor names; IMAGE_MISMATCH for another size or digest. */
export function findBlob(
  { files }: ArchiveFiles,
  { digest, size }: Descriptor,
  source: string,
): FilePart {
  const part = files.get(blobPath(digest));
  if (part === undefined) return refuseImage(source, `it has no blob ${digest}`);
  if (part.sha256 === digest && part.size === size) return part;
  throw new MkbaseError({
    code: 'IMAGE_MISMATCH',
    message: `A blob of ${source} is not what its name says.\nclaimed:  ${digest}, ${size} bytes\ncomputed: ${part.sha256}, ${part.size} bytes`,
    hint: 'Something changed the file after it was written; build or copy it again.',
  });
}

function readPlatform({ os, architecture, variant }: JsonRecord, source: string): PlatformName {
  const known = platformOfImage({ os: os ?? '', architecture, variant });
  const told = [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
  return known?.name ?? refuseImage(source, `it is for ${told}`);
}

function readCreated({ created }: JsonRecord, source: string): number {
  const seconds = typeof created === 'string' ? Date.parse(created) / 1000 : 0;
  return Number.isFinite(seconds) && seconds >= 0
    ? Math.floor(seconds)
    : refuseImage(source, `${JSON.stringify(created)} is no time`);
}

/** Most layers of an image that mkbase makes: that of a base, and what makes the image of it. */
export const mostLayers = 2;

/** The descriptors of a manifest of one or two layers. */
function readManifest({ config, layers }: JsonRecord, source: string) {
  if (!Array.isArray(layers) || layers.length < 1 || layers.length > mostLayers) {
    return refuseImage(source, 'it has neither one layer nor two');
  }
  return {
    layers: layers.map((each) => readDescriptor(each, layerCompressions.map(layerType), source)),
    config: readDescriptor(config, [mediaTypes.config], source),
  };
}

/** Checks that a layer unpacks to the tar of the diffID that the config has for it. */
async function readLayer(
  part: FilePart,
  mediaType: string,
  diffId: string,
  signal: AbortSignal,
): Promise<StoredLayer> {
  const compression = compressionOfType(mediaType) ?? 'none';
  const layer = { ...part, compression, diffId };
  // One that is not compressed was hashed with the archive.
  if (compression !== 'none') await checkTar(layer, signal);
  return layer;
}

/** Reads the layers that a manifest lists, for each of which a config names one diffID. */
async function readLayers(
  archive: ArchiveFiles,
  listed: readonly Descriptor[],
  diffIds: unknown,
  source: string,
  signal: AbortSignal,
): Promise<StoredLayer[]> {
  const named: readonly unknown[] = Array.isArray(diffIds) ? diffIds : [];
  const others = (): never => {
    const digests = listed.map(({ digest }) => digest).join(' and ');
    return refuseImage(source, `its config names other layers than ${digests}`);
  };
  if (named.length !== listed.length) others();
  const layers: StoredLayer[] = [];
  for (const [at, each] of listed.entries()) {
    const diffId = named[at];
    const isPlain = each.mediaType === mediaTypes.layer;
    if (typeof diffId !== 'string' || (isPlain && diffId !== each.digest)) return others();
    const part = findBlob(archive, each, source);
    layers.push(await readLayer(part, each.mediaType, diffId, signal));
  }
  return layers;
}

/**
 * Reads the image that a manifest describes, and unpacks its layers to compute their diffIDs. Errors: ARCHIVE_REFUSED
 * for one that is not of one or two layers, IMAGE_MISMATCH, IO, INTERRUPTED.
 */
export async function readManifestImage(
  archive: ArchiveFiles,
  top: Descriptor,
  source: string,
  signal: AbortSignal,
): Promise<ImageOnDisk> {
  const manifestPart = findBlob(archive, top, source);
  const manifest = await readJson(manifestPart, source, 'manifest');
  const { layers, config } = readManifest(manifest, source);
  const configPart = findBlob(archive, config, source);
  const settings = await readJson(configPart, source, 'config');
  const { rootfs } = settings;
  const diffIds: unknown = isRecord(rootfs) ? rootfs.diff_ids : undefined;
  const stored = await readLayers(archive, layers, diffIds, source, signal);
  return {
    platform: readPlatform(settings, source),
    manifestDigest: top.digest,
    configDigest: config.digest,
    config: readProcessConfig(settings, source),
    layers: stored,
    created: readCreated(settings, source),
    manifest: manifestPart,
    blobs: [...stored, configPart],
  };
}
