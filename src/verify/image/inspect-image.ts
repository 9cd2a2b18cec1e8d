import { lstat } from 'node:fs/promises';
import { MkbaseError } from '../../base/errors.ts';
import { sha256OfStream } from '../../base/hash.ts';
import { fileKind } from '../../base/regular-file.ts';
import { ambiguities } from '../../image/one-image.ts';
import {
  type ArchiveFiles,
  passingBytesOf,
  readArchive,
  readFolder,
  sizeOf,
} from '../../oci/archive-files.ts';
import { blockSize } from '../../tar/format/header-fields.ts';
import type { Check, Mismatch } from '../report.ts';
import type { Scratch } from '../unpacked-layer.ts';
import { checkCanonicalForm } from './canonical-form.ts';
import { readDockerArchive } from './docker-archive.ts';
import type { FoundImage } from './found-image.ts';
import { readLayer } from './layer.ts';
import { layerFinder } from './layer-finder.ts';
import type { ReadingOptions } from './layers.ts';
import { readOciLayout } from './oci-layout.ts';
import { checkTarBytes } from './tar-bytes.ts';

/** An image on disk: an archive, a layout folder or a rootfs's tar. */
export interface ImagePlace {
  /** Absolute; a link in its place is not followed. */
  readonly path: string;
  /** Stands for it in messages. */
  readonly name: string;
}

/** The image in an archive or folder, and the checks that were made of it. */
export interface Inspected {
  readonly image: FoundImage;
  readonly checks: readonly Check[];
  /** Everything by which another reader could find another image there. */
  readonly ambiguities: readonly Mismatch[];
}

/**
 * Checks the bytes of a tar that mkbase wrote; in a tar of another tool even the first header differs. Of
 * a compressed one the tar inside is compared by its digest, with that of the layer.
 */
async function checkRootfsBytes({ path, name }: ImagePlace, signal: AbortSignal): Promise<Check[]> {
  const what = `each byte of ${name}`;
  const archive = await readArchive(path, signal).catch(noTar);
  if (archive === undefined) return [];
  const { entries = [] } = archive;
  const mismatches = await checkTarBytes(name, path, entries, signal);
  const isForeign = mismatches.some(({ field }) => Number(field.replace('byte ', '')) < blockSize);
  const skipped = 'another tool than mkbase wrote it';
  return [isForeign ? { what, mismatches: [], skipped } : { what, mismatches }];
}

function noTar(error: unknown): undefined {
  if (!(error instanceof MkbaseError) || error.code !== 'ARCHIVE_REFUSED') throw error;
}

/** Files by which engines take a tar for an image's archive, also one that is compressed as a whole. */
const archiveMarks = ['manifest.json', 'oci-layout', 'repositories'];

/** Reports a root filesystem that engines would load as an image of its own. */
function checkNoArchive({ name }: ImagePlace, paths: readonly { readonly path: string }[]) {
  const marks = paths.filter(({ path }) => archiveMarks.includes(path));
  return marks.map(({ path }) => ({
    file: name,
    field: path,
    claimed: 'a file that makes this an image, which an engine would load',
    computed: 'a root filesystem; unpack an archive of an image before it is verified',
  }));
}

async function inspectRootfs(place: ImagePlace, signal: AbortSignal): Promise<Inspected> {
  const { path, name } = place;
  const size = await sizeOf(path);
  const whole = { file: path, offset: 0, size };
  const sha256 = `sha256:${await sha256OfStream(passingBytesOf(whole, signal))}`;
  const { layer, mismatches } = await readLayer({ ...whole, sha256 }, name, signal);
  const ambiguous = checkNoArchive(place, layer?.paths ?? []);
  const tar = { what: `the tar ${name}`, mismatches: [...mismatches, ...ambiguous] };
  return {
    image: { file: name, ...(layer && { layer }) },
    checks: [tar, ...(await checkRootfsBytes(place, signal))],
    ambiguities: ambiguous,
  };
}

/** Checks that no engine finds another image in an archive than the one that was found. */
async function checkOneMeaning(
  name: string,
  archive: ArchiveFiles,
  { manifestDigest, configDigest, layers = [] }: FoundImage,
): Promise<Mismatch[]> {
  const found = await ambiguities(archive, {
    ...(manifestDigest && { manifest: manifestDigest }),
    ...(configDigest && { config: configDigest }),
    layers: layers.map(({ part }) => part.sha256),
  });
  return found.map(({ file, ...each }) => ({ ...each, file: file ? `${name}: ${file}` : name }));
}

async function inspectArchive(
  { path, name }: ImagePlace,
  archive: ArchiveFiles,
  reading: ReadingOptions,
  signal: AbortSignal,
): Promise<Inspected> {
  const isLayout = archive.files.has('oci-layout') || archive.files.has('index.json');
  const read = isLayout ? readOciLayout : readDockerArchive;
  const { image, mismatches } = await read(name, archive, reading, signal);
  const blobs = { what: `digests, sizes and layers in ${name}`, mismatches };
  const form = isLayout ? await checkCanonicalForm(name, path, archive, image, signal) : undefined;
  const what = `names, members and each byte of ${name}`;
  const skipped = 'another tool than mkbase wrote it';
  const around: Check = form ? { what, mismatches: form } : { what, mismatches: [], skipped };
  const ambiguous = await checkOneMeaning(name, archive, image);
  const one = { what: `every engine finds this image in ${name}`, mismatches: ambiguous };
  return {
    image: { ...image, ...(form && { isOwnForm: true as const }) },
    checks: [blobs, one, around],
    ambiguities: ambiguous,
  };
}

/** Reports a link, pipe or device in place of an image, which is not read. */
function notRead({ name }: ImagePlace, kind: string): Inspected {
  const mismatch = { file: name, field: '', claimed: kind, computed: 'a regular file or a folder' };
  const checks = [{ what: `the image in ${name}`, mismatches: [mismatch] }];
  return { image: { file: name }, checks, ambiguities: [mismatch] };
}

/**
 * Reads an image from disk and checks all that it claims of itself against its bytes. It is an OCI layout
 * (a folder or an archive), a Docker archive, or the tar of a rootfs, compressed or not. Errors: IO.
 */
export async function inspectImage(
  place: ImagePlace,
  signal: AbortSignal,
  scratch?: Scratch,
): Promise<Inspected> {
  const { path } = place;
  const stats = await lstat(path);
  const isFolder = stats.isDirectory();
  if (!isFolder && !stats.isFile()) return notRead(place, fileKind(stats));
  const finder = layerFinder(`${place.name}: layer`);
  try {
    const archive = await (isFolder ? readFolder : readArchive)(path, signal, finder);
    const isImage = ['oci-layout', 'index.json', 'manifest.json'].some((each) =>
      archive.files.has(each),
    );
    if (isFolder || isImage)
      return await inspectArchive(place, archive, { finder, scratch }, signal);
  } catch (error) {
    if (!(error instanceof MkbaseError) || error.code !== 'ARCHIVE_REFUSED') throw error;
  }
  return inspectRootfs(place, signal);
}
