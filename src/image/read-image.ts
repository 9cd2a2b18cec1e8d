import { canonicalJson } from '../base/canonical-json.ts';
import { interrupted, ioError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { record } from '../base/json.ts';
import { hostPlatform, type PlatformName } from '../base/platform.ts';
import type { ArchiveFiles } from '../oci/archive-files.ts';
import { type Descriptor, mediaTypes } from '../oci/blob.ts';
import type { FileProblem } from '../oci/one-meaning.ts';
import { openLayout, refuseImage } from '../oci/read-layout.ts';
import { ociPlatform } from './compose-image.ts';
import {
  findBlob,
  type ImageOnDisk,
  readDescriptor,
  readJson,
  readManifestImage,
} from './image-on-disk.ts';
import { ambiguities, type FoundBlobs } from './one-image.ts';
import { indexAmbiguities } from './one-index.ts';

/** A layout found on disk, every digest in which has been recomputed. */
export interface LayoutOnDisk {
  /** `sha256:<hex>` of the manifest or index that it is about. */
  readonly digest: string;
  /** One, or one for each platform in the order of the index. */
  readonly images: readonly ImageOnDisk[];
  /** All files of it. */
  readonly archive: ArchiveFiles;
}

/** Returns the one manifest or index that a layout is about, under any number of names. */
async function topDescriptor({ files }: ArchiveFiles, source: string): Promise<Descriptor> {
  const part = files.get('index.json');
  if (part === undefined) return refuseImage(source, 'it has no index.json');
  const { manifests } = await readJson(part, source, 'index');
  if (!Array.isArray(manifests)) return refuseImage(source, 'its index lists no manifests');
  const types = [mediaTypes.manifest, mediaTypes.index];
  const found = manifests.map((each) => readDescriptor(each, types, source));
  const [first] = found;
  if (first !== undefined && found.every(({ digest }) => digest === first.digest)) return first;
  return refuseImage(source, `it holds ${found.length === 0 ? 'no image' : 'several images'}`);
}

/** Throws ARCHIVE_REFUSED where another reader could find something else than was found. */
function refuseAmbiguous([first]: readonly FileProblem[], source: string): void {
  if (first === undefined) return;
  const { file, field, claimed, computed } = first;
  const place = [file, field].filter((each) => each !== '').join(': ');
  refuseImage(source, `${place} is ${claimed}; expected ${computed}`);
}

/** Reads the images of an index, whose platforms are those of their configs and stand there once. */
async function readIndexed(
  archive: ArchiveFiles,
  top: Descriptor,
  source: string,
): Promise<ImageOnDisk[]> {
  const { manifests } = await readJson(findBlob(archive, top, source), source, 'index');
  const images: ImageOnDisk[] = [];
  for (const each of Array.isArray(manifests) ? manifests : []) {
    const descriptor = readDescriptor(each, [mediaTypes.manifest], source);
    const image = await readManifestImage(archive, descriptor, source);
    const claimed = canonicalJson(record(record(each).platform));
    const computed = canonicalJson(ociPlatform(image.platform));
    if (claimed !== computed) {
      refuseImage(source, `its index says ${claimed} of an image that is for ${computed}`);
    }
    if (images.some(({ platform }) => platform === image.platform)) {
      refuseImage(source, `its index lists ${image.platform} twice`);
    }
    images.push(image);
  }
  return images.length > 0 ? images : refuseImage(source, 'its index lists no images');
}

const foundBlobs = ({ manifestDigest, configDigest, layers }: ImageOnDisk): FoundBlobs => ({
  manifest: manifestDigest,
  config: configDigest,
  layers: layers.map(({ sha256 }) => sha256),
});

async function readOpened(archive: ArchiveFiles, source: string): Promise<LayoutOnDisk> {
  const top = await topDescriptor(archive, source);
  const { digest } = top;
  if (top.mediaType === mediaTypes.index) {
    const images = await readIndexed(archive, top, source);
    refuseAmbiguous(await indexAmbiguities(archive, digest, images.map(foundBlobs)), source);
    return { digest, images, archive };
  }
  const image = await readManifestImage(archive, top, source);
  refuseAmbiguous(await ambiguities(archive, foundBlobs(image)), source);
  return { digest, images: [image], archive };
}

/**
 * Reads an OCI image layout (a folder, or an archive as `writeArchive` makes it) that holds one image,
 * or one for each of several platforms under one index; each of one uncompressed layer or two, as mkbase's are.
 * ARCHIVE_REFUSED for anything else, also for one that another reader could read as another image;
 * IMAGE_MISMATCH when a blob is not what its digest says, IO.
 */
export async function readLayout(path: string, io: Io): Promise<LayoutOnDisk> {
  try {
    return await readOpened(await openLayout(path, io.signal), path);
  } catch (error) {
    throw io.signal.aborted ? interrupted(io.signal) : ioError(error, 'reading', path);
  }
}

/**
 * Reads the image of a layout, as `readLayout` does: of several the one for `platform`, which is that of
 * this machine when left out. ARCHIVE_REFUSED when there is none for it.
 */
export async function readImage(
  path: string,
  io: Io,
  platform?: PlatformName,
): Promise<ImageOnDisk> {
  const { images } = await readLayout(path, io);
  const [only, ...more] = images;
  if (only !== undefined && more.length === 0 && platform === undefined) return only;
  const wanted = platform ?? hostPlatform().name;
  const found = images.find((each) => each.platform === wanted);
  const others = images.map((each) => each.platform).join(', ');
  return found ?? refuseImage(path, `it holds no image for ${wanted}, but for ${others}`);
}
