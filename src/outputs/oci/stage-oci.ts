import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from '../../base/events.ts';
import type { Image } from '../../image/image.ts';
import { layerBytes } from '../../image/layer.ts';
import type { Reference } from '../../image/reference.ts';
import { blobPath } from '../../oci/blob.ts';
import { type Staged, stage, syncFolder } from '../../store/staging.ts';
import { writeNewFile } from '../../store/write-whole-file.ts';
import type { OutputRequest, OutputTarget, StagedOutput } from '../contract.ts';
import { refuseFolder, refuseOtherFolder, stagedFile } from '../staged-file.ts';
import { writeArchive } from './archive.ts';
import { blobFiles, layoutFiles } from './layout.ts';

async function writeLayout(
  root: string,
  image: Image,
  references: readonly Reference[],
  signal: AbortSignal,
): Promise<void> {
  const blobs = join(root, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  await writeNewFile(join(root, blobPath(image.rootfs.diffId)), layerBytes(image.rootfs), signal);
  for (const [path, bytes] of [...blobFiles(image), ...layoutFiles(image, references)]) {
    await writeNewFile(join(root, path), [bytes], signal);
  }
  await syncFolder(blobs);
  await syncFolder(root);
}

/** Stages an OCI image layout as one archive, which engines that only know Docker's load too. */
export async function stageArchive(
  dest: string,
  image: Image,
  references: readonly Reference[],
  io: Io,
): Promise<Staged> {
  await refuseFolder(dest);
  return stage(dest, 'file', (path) => writeArchive(path, image, references, io));
}

/**
 * Stages an OCI image layout: a folder for a dest that ends in a slash, else an archive. USAGE when
 * something that must not be replaced is at `dest`.
 */
export async function stageOci(
  image: Image,
  request: OutputRequest,
  dest: string,
  { references }: OutputTarget,
  io: Io,
): Promise<StagedOutput> {
  if (!request.dest?.endsWith('/')) {
    return stagedFile(request, dest, await stageArchive(dest, image, references, io));
  }
  await refuseOtherFolder(dest);
  const write = (path: string) => writeLayout(path, image, references, io.signal);
  return stagedFile(request, dest, await stage(dest, 'folder', write));
}
