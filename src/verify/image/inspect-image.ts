import { stat } from 'node:fs/promises';
import { MkbaseError } from '../../base/errors.ts';
import { sha256OfStream } from '../../base/hash.ts';
import { blockSize } from '../../tar/format/header-fields.ts';
import type { Check } from '../report.ts';
import { type ArchiveFiles, bytesOf, readArchive, readFolder } from './archive-files.ts';
import { checkCanonicalForm } from './canonical-form.ts';
import { readDockerArchive } from './docker-archive.ts';
import type { FoundImage } from './found-image.ts';
import { readLayer } from './layer.ts';
import { readOciLayout } from './oci-layout.ts';
import { checkTarBytes } from './tar-bytes.ts';

/** An image on disk: an archive, a layout folder or a rootfs's tar. */
export interface ImagePlace {
  /** Absolute. */
  readonly path: string;
  /** Stands for it in messages. */
  readonly name: string;
}

/** The image in an archive or folder, and the checks that were made of it. */
export interface Inspected {
  readonly image: FoundImage;
  readonly checks: readonly Check[];
}

/** Checks the bytes of a tar that mkbase wrote; in a tar of another tool even the first header differs. */
async function checkRootfsBytes({ path, name }: ImagePlace, signal: AbortSignal): Promise<Check> {
  const what = `each byte of ${name}`;
  const { entries = [] } = await readArchive(path, signal).catch(noTar);
  const mismatches = await checkTarBytes(name, path, entries, signal);
  const isForeign = mismatches.some(({ field }) => Number(field.replace('byte ', '')) < blockSize);
  const skipped = 'another tool than mkbase wrote it';
  return isForeign ? { what, mismatches: [], skipped } : { what, mismatches };
}

function noTar(error: unknown): ArchiveFiles {
  if (error instanceof MkbaseError && error.code === 'ARCHIVE_REFUSED') return { files: new Map() };
  throw error;
}

async function inspectRootfs(place: ImagePlace, signal: AbortSignal): Promise<Inspected> {
  const { path, name } = place;
  const { size } = await stat(path);
  const whole = { file: path, offset: 0, size };
  const sha256 = `sha256:${await sha256OfStream(bytesOf(whole, signal))}`;
  const { layer, mismatches } = await readLayer({ ...whole, sha256 }, name, signal);
  return {
    image: { file: name, ...(layer && { layer }) },
    checks: [{ what: `the tar ${name}`, mismatches }, await checkRootfsBytes(place, signal)],
  };
}

async function inspectArchive(
  { path, name }: ImagePlace,
  archive: ArchiveFiles,
  signal: AbortSignal,
): Promise<Inspected> {
  const isLayout = archive.files.has('oci-layout') || archive.files.has('index.json');
  const read = isLayout ? readOciLayout : readDockerArchive;
  const { image, mismatches } = await read(name, archive, signal);
  const blobs = { what: `digests, sizes and layers in ${name}`, mismatches };
  const form = isLayout ? await checkCanonicalForm(name, path, archive, image, signal) : undefined;
  const what = `names, members and each byte of ${name}`;
  const skipped = 'another tool than mkbase wrote it';
  const around: Check = form ? { what, mismatches: form } : { what, mismatches: [], skipped };
  return { image, checks: [blobs, around] };
}

/**
 * Reads an image from disk and checks all that it claims of itself against its bytes. It is an OCI layout
 * (a folder or an archive), a Docker archive, or the tar of a rootfs, compressed or not. Errors: IO.
 */
export async function inspectImage(place: ImagePlace, signal: AbortSignal): Promise<Inspected> {
  const { path } = place;
  const isFolder = (await stat(path)).isDirectory();
  try {
    const archive = await (isFolder ? readFolder : readArchive)(path, signal);
    const isImage = ['oci-layout', 'index.json', 'manifest.json'].some((each) =>
      archive.files.has(each),
    );
    if (isFolder || isImage) return await inspectArchive(place, archive, signal);
  } catch (error) {
    if (!(error instanceof MkbaseError) || error.code !== 'ARCHIVE_REFUSED') throw error;
  }
  return inspectRootfs(place, signal);
}
