import { stat } from 'node:fs/promises';
import { MkbaseError } from '../base/errors.ts';
import { sha256OfStream } from '../base/hash.ts';
import { blockSize } from '../tar/format/header-fields.ts';
import type { Check } from './check.ts';
import { lookAtDockerArchive } from './docker-archive.ts';
import type { FoundImage } from './found-image.ts';
import { checkFraming } from './framing.ts';
import { readLayer } from './layer.ts';
import { lookAtLayout } from './oci-layout.ts';
import { checkOwnForm } from './own-form.ts';
import { archiveParts, bytesOf, folderParts, type Parts } from './parts.ts';

/** An image on disk: an archive, a layout folder or a rootfs's tar. */
export interface ImagePlace {
  /** Absolute. */
  readonly path: string;
  /** What it is called in messages. */
  readonly name: string;
}

/** What an archive or folder turned out to hold. */
export interface Inspected {
  readonly image: FoundImage;
  readonly checks: readonly Check[];
}

/** What no reader looks at, in a tar that mkbase wrote; another tool's first header differs already. */
async function checkForm({ path, name }: ImagePlace, signal: AbortSignal): Promise<Check> {
  const what = `each byte of ${name}`;
  const { entries = [] } = await archiveParts(path, signal).catch(noTar);
  const mismatches = await checkFraming(name, path, entries, signal);
  const isForeign = mismatches.some(({ field }) => Number(field.replace('byte ', '')) < blockSize);
  const skipped = 'another tool than mkbase wrote it';
  return isForeign ? { what, mismatches: [], skipped } : { what, mismatches };
}

function noTar(error: unknown): Parts {
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
    checks: [{ what: `the tar ${name}`, mismatches }, await checkForm(place, signal)],
  };
}

async function inspectParts(
  { path, name }: ImagePlace,
  parts: Parts,
  signal: AbortSignal,
): Promise<Inspected> {
  const isLayout = parts.files.has('oci-layout') || parts.files.has('index.json');
  const look = isLayout ? lookAtLayout : lookAtDockerArchive;
  const { image, mismatches } = await look(name, parts, signal);
  const blobs = { what: `digests, sizes and layers in ${name}`, mismatches };
  const form = isLayout ? await checkOwnForm(name, path, parts, image, signal) : undefined;
  const what = `names, members and each byte of ${name}`;
  const skipped = 'another tool than mkbase wrote it';
  const around: Check = form ? { what, mismatches: form } : { what, mismatches: [], skipped };
  return { image, checks: [blobs, around] };
}

/**
 * Reads an image from disk and holds all that it claims of itself against its bytes: an OCI layout (a
 * folder or an archive), a Docker archive, or the tar of a rootfs, compressed or not. Errors: IO.
 */
export async function inspectImage(place: ImagePlace, signal: AbortSignal): Promise<Inspected> {
  const { path } = place;
  const isFolder = (await stat(path)).isDirectory();
  try {
    const parts = await (isFolder ? folderParts : archiveParts)(path, signal);
    const isImage = ['oci-layout', 'index.json', 'manifest.json'].some((each) =>
      parts.files.has(each),
    );
    if (isFolder || isImage) return await inspectParts(place, parts, signal);
  } catch (error) {
    if (!(error instanceof MkbaseError) || error.code !== 'ARCHIVE_REFUSED') throw error;
  }
  return inspectRootfs(place, signal);
}
