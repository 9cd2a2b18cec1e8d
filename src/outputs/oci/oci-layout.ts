import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from '../../base/events.ts';
import { blobPath } from '../../image/blob.ts';
import type { Image } from '../../image/image.ts';
import type { Reference } from '../../image/reference.ts';
import { type Staged, stage, syncFolder } from '../../store/staging.ts';
import { refuseFolder, refuseOtherFolder } from '../occupied.ts';
import { layerBytes, writeFile } from '../write-file.ts';
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
  await writeFile(join(root, blobPath(image.rootfs.diffId)), layerBytes(image.rootfs), signal);
  for (const [path, bytes] of [...blobFiles(image), ...layoutFiles(image, references)]) {
    await writeFile(join(root, path), [bytes], signal);
  }
  await syncFolder(blobs);
  await syncFolder(root);
}

/** Stages an OCI image layout as a folder. USAGE when something else stands at `dest`. */
export async function stageLayoutFolder(
  dest: string,
  image: Image,
  references: readonly Reference[],
  io: Io,
): Promise<Staged> {
  await refuseOtherFolder(dest);
  return stage(dest, 'folder', (path) => writeLayout(path, image, references, io.signal));
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
