import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { interrupted, ioError, MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { hashedStream } from '../base/hash.ts';
import { type PlatformName, platformNames, platforms } from '../base/platform.ts';
import type { OciProcessConfig } from '../engines/engine.ts';
import { writeFile } from '../outputs/write-file.ts';
import { readContent } from '../tar/content.ts';
import { blobPath, type Descriptor, mediaTypes } from './blob.ts';
import { isRecord, readDescriptor, readProcessConfig, refuse } from './read-json.ts';
import { type FilePart, type LocateFile, openLayout } from './read-layout.ts';

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

type Json = Readonly<Record<string, unknown>>;

/** Larger manifests and configs are refused by registries too (image-spec and containerd: 4 MiB). */
const largestJson = 4 * 1024 * 1024;

async function readJson(part: FilePart, source: string, what: string): Promise<Json> {
  if (part.size > largestJson) refuse(source, `its ${what} has ${part.size} bytes`);
  try {
    const value: unknown = JSON.parse((await readContent(part)).toString('utf8'));
    if (isRecord(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return refuse(source, `its ${what} is no JSON object`);
}

/** A blob that is what its descriptor says: present, of that size, of that digest. */
async function blob(locate: LocateFile, { digest, size }: Descriptor, source: string) {
  const part = await locate(blobPath(digest));
  if (part === undefined) return refuse(source, `it has no blob ${digest}`);
  if (part.sha256 === digest && part.size === size) return part;
  throw new MkbaseError({
    code: 'IMAGE_MISMATCH',
    message: `A blob of ${source} is not what its name says.\nclaimed:  ${digest}, ${size} bytes\ncomputed: ${part.sha256}, ${part.size} bytes`,
    hint: 'Something changed the file after it was written; build or copy it again.',
  });
}

async function manifestDescriptor(locate: LocateFile, source: string): Promise<Descriptor> {
  const part = await locate('index.json');
  if (part === undefined) return refuse(source, 'it has no index.json');
  const { manifests } = await readJson(part, source, 'index');
  if (!Array.isArray(manifests)) return refuse(source, 'its index lists no manifests');
  const found = manifests.map((each) => readDescriptor(each, mediaTypes.manifest, source));
  const [first] = found;
  if (first !== undefined && found.every(({ digest }) => digest === first.digest)) return first;
  return refuse(source, `it holds ${found.length === 0 ? 'no image' : 'several images'}`);
}

function readPlatform({ os, architecture }: Json, source: string): PlatformName {
  const fits = (name: PlatformName) => platforms[name].ociArchitecture === architecture;
  const name = os === 'linux' ? platformNames.find(fits) : undefined;
  return name ?? refuse(source, `it is for ${os}/${architecture}`);
}

async function read(locate: LocateFile, source: string): Promise<ImageOnDisk> {
  const top = await manifestDescriptor(locate, source);
  const manifest = await readJson(await blob(locate, top, source), source, 'manifest');
  const { config, layers } = manifest;
  if (!Array.isArray(layers) || layers.length !== 1) refuse(source, 'it has not exactly one layer');
  const layer = readDescriptor(layers[0], mediaTypes.layer, source);
  const configDescriptor = readDescriptor(config, mediaTypes.config, source);
  const settings = await readJson(await blob(locate, configDescriptor, source), source, 'config');
  const { rootfs } = settings;
  const diffIds: unknown = isRecord(rootfs) ? rootfs.diff_ids : undefined;
  if (!Array.isArray(diffIds) || diffIds.length !== 1 || diffIds[0] !== layer.digest) {
    refuse(source, `its config names other layers than ${layer.digest}`);
  }
  return {
    platform: readPlatform(settings, source),
    manifestDigest: top.digest,
    configDigest: configDescriptor.digest,
    config: readProcessConfig(settings, source),
    layer: await blob(locate, layer, source),
  };
}

/**
 * Reads an OCI image layout (a folder, or an archive as `writeArchive` makes it) that holds one
 * image of one uncompressed layer, as mkbase's do. ARCHIVE_REFUSED for anything else, IMAGE_MISMATCH
 * when a blob is not what its digest says, IO.
 */
export async function readImage(path: string, io: Io): Promise<ImageOnDisk> {
  try {
    return await read(await openLayout(path, io.signal), path);
  } catch (error) {
    throw io.signal.aborted ? interrupted(io.signal) : ioError(error, 'reading', path);
  }
}

async function* checkedBytes({ file, offset, size, sha256 }: FilePart) {
  const end = offset + size - 1;
  const stream = hashedStream(createReadStream(file, { start: offset, end }));
  yield* stream.bytes;
  if (`sha256:${stream.sha256()}` === sha256) return;
  throw new MkbaseError({ code: 'IMAGE_MISMATCH', message: `${file} changed while it was read.` });
}

/** Writes an image's layer, an uncompressed tar, to a new file. IMAGE_MISMATCH, IO, NO_SPACE. */
export async function extractLayer(layer: FilePart, dest: string, io: Io): Promise<void> {
  try {
    await writeFile(dest, checkedBytes(layer), io.signal);
  } catch (error) {
    await rm(dest, { force: true });
    throw ioError(error, 'writing', dest);
  }
}
