import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Io } from '../../base/events.ts';
import { checkedBytes } from '../../image/layer.ts';
import type { Reference } from '../../image/reference.ts';
import { blobPath } from '../../oci/blob.ts';
import { type Staged, stage, syncFolder } from '../../store/staging.ts';
import { writeNewFile } from '../../store/write-whole-file.ts';
import type { OutputRequest, OutputTarget, StagedOutput } from '../contract.ts';
import { refuseFolder, refuseOtherFolder, stagedFile } from '../staged-file.ts';
import { writeArchive } from './archive.ts';
import type { Layout, LayoutBlob } from './layout.ts';

const bytesOf = (blob: LayoutBlob) => ('bytes' in blob ? [blob.bytes] : checkedBytes(blob));

async function writeLayout(
  root: string,
  layout: Layout,
  references: readonly Reference[],
  signal: AbortSignal,
): Promise<void> {
  const blobs = join(root, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  for (const blob of layout.blobs) {
    await writeNewFile(join(root, blobPath(blob.sha256)), bytesOf(blob), signal);
  }
  for (const [path, bytes] of layout.files(references)) {
    await writeNewFile(join(root, path), [bytes], signal);
  }
  await syncFolder(blobs);
  await syncFolder(root);
}

/** Stages an OCI image layout as one archive, which engines that only know Docker's load too. */
export async function stageArchive(
  dest: string,
  layout: Layout,
  references: readonly Reference[],
  io: Io,
): Promise<Staged> {
  await refuseFolder(dest);
  return stage(dest, 'file', (path) => writeArchive(path, layout, references, io));
}

/**
 * Stages an OCI image layout: a folder for a dest that ends in a slash, else an archive. USAGE when
 * something that must not be replaced is at `dest`.
 */
export async function stageOci(
  layout: Layout,
  request: OutputRequest,
  dest: string,
  { references }: OutputTarget,
  io: Io,
): Promise<StagedOutput> {
  if (!request.dest?.endsWith('/')) {
    return stagedFile(request, dest, await stageArchive(dest, layout, references, io));
  }
  await refuseOtherFolder(dest);
  const write = (path: string) => writeLayout(path, layout, references, io.signal);
  return stagedFile(request, dest, await stage(dest, 'folder', write));
}
