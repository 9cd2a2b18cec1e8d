import { interrupted, ioError, MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { isRecord, type JsonRecord } from '../base/json.ts';
import { type PlatformName, platformOfImage } from '../base/platform.ts';
import type { OciProcessConfig } from '../engines/engine.ts';
import type { ArchiveFiles, FilePart } from '../oci/archive-files.ts';
import { blobPath, type Descriptor, mediaTypes } from '../oci/blob.ts';
import { openLayout, readJsonObject, refuseImage } from '../oci/read-layout.ts';
import { ambiguities } from './one-image.ts';
import { readProcessConfig } from './process-config.ts';

/** An image found on disk, every digest of which has been recomputed. */
export interface ImageOnDisk {
  readonly platform: PlatformName;
  readonly manifestDigest: string;
  readonly configDigest: string;
  /** The `config` object of the OCI image config. */
  readonly config: OciProcessConfig;
  /** The one layer; its digest is its diffID, as it is not compressed. */
  readonly layer: FilePart;
}

/** Larger manifests and configs are refused by registries too (image-spec and containerd: 4 MiB). */
const largestJson = 4 * 1024 * 1024;

const readJson = (part: FilePart, source: string, what: string): Promise<JsonRecord> =>
  readJsonObject(part, largestJson, (why) => refuseImage(source, `its ${what} ${why}`));

/** Checks a descriptor of the given media type field by field. */
function readDescriptor(value: unknown, mediaType: string, source: string): Descriptor {
  if (!isRecord(value)) return refuseImage(source, 'a descriptor is no object');
  const { digest, size } = value;
  if (value.mediaType !== mediaType) {
    refuseImage(source, `expected ${mediaType}, found ${value.mediaType}`);
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
function findBlob({ files }: ArchiveFiles, { digest, size }: Descriptor, source: string): FilePart {
  const part = files.get(blobPath(digest));
  if (part === undefined) return refuseImage(source, `it has no blob ${digest}`);
  if (part.sha256 === digest && part.size === size) return part;
  throw new MkbaseError({
    code: 'IMAGE_MISMATCH',
    message: `A blob of ${source} is not what its name says.\nclaimed:  ${digest}, ${size} bytes\ncomputed: ${part.sha256}, ${part.size} bytes`,
    hint: 'Something changed the file after it was written; build or copy it again.',
  });
}

async function manifestDescriptor({ files }: ArchiveFiles, source: string): Promise<Descriptor> {
  const part = files.get('index.json');
  if (part === undefined) return refuseImage(source, 'it has no index.json');
  const { manifests } = await readJson(part, source, 'index');
  if (!Array.isArray(manifests)) return refuseImage(source, 'its index lists no manifests');
  const found = manifests.map((each) => readDescriptor(each, mediaTypes.manifest, source));
  const [first] = found;
  if (first !== undefined && found.every(({ digest }) => digest === first.digest)) return first;
  return refuseImage(source, `it holds ${found.length === 0 ? 'no image' : 'several images'}`);
}

function readPlatform({ os, architecture, variant }: JsonRecord, source: string): PlatformName {
  const known = platformOfImage({ os: os ?? '', architecture, variant });
  const told = [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
  return known?.name ?? refuseImage(source, `it is for ${told}`);
}

/** Throws ARCHIVE_REFUSED where another reader could find another image. */
async function refuseAmbiguous(
  archive: ArchiveFiles,
  { manifestDigest: manifest, configDigest: config, layer }: ImageOnDisk,
  source: string,
): Promise<void> {
  const [first] = await ambiguities(archive, { manifest, config, layers: [layer.sha256] });
  if (first === undefined) return;
  const { file, field, claimed, computed } = first;
  const place = [file, field].filter((each) => each !== '').join(': ');
  refuseImage(source, `${place} is ${claimed}; expected ${computed}`);
}

/** The two descriptors of a manifest of one uncompressed layer. */
function readManifest({ config, layers }: JsonRecord, source: string) {
  if (!Array.isArray(layers) || layers.length !== 1) {
    return refuseImage(source, 'it has not exactly one layer');
  }
  return {
    layer: readDescriptor(layers[0], mediaTypes.layer, source),
    config: readDescriptor(config, mediaTypes.config, source),
  };
}

async function readLayout(archive: ArchiveFiles, source: string): Promise<ImageOnDisk> {
  const top = await manifestDescriptor(archive, source);
  const manifest = await readJson(findBlob(archive, top, source), source, 'manifest');
  const { layer, config } = readManifest(manifest, source);
  const settings = await readJson(findBlob(archive, config, source), source, 'config');
  const { rootfs } = settings;
  const diffIds: unknown = isRecord(rootfs) ? rootfs.diff_ids : undefined;
  if (!Array.isArray(diffIds) || diffIds.length !== 1 || diffIds[0] !== layer.digest) {
    refuseImage(source, `its config names other layers than ${layer.digest}`);
  }
  const image = {
    platform: readPlatform(settings, source),
    manifestDigest: top.digest,
    configDigest: config.digest,
    config: readProcessConfig(settings, source),
    layer: findBlob(archive, layer, source),
  };
  await refuseAmbiguous(archive, image, source);
  return image;
}

/**
 * Reads an OCI image layout (a folder, or an archive as `writeArchive` makes it) that holds one
 * image of one uncompressed layer, as mkbase's do. ARCHIVE_REFUSED for anything else, also for one that
 * another reader could read as another image; IMAGE_MISMATCH when a blob is not what its digest says, IO.
 */
export async function readImage(path: string, io: Io): Promise<ImageOnDisk> {
  try {
    return await readLayout(await openLayout(path, io.signal), path);
  } catch (error) {
    throw io.signal.aborted ? interrupted(io.signal) : ioError(error, 'reading', path);
  }
}
