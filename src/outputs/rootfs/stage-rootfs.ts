import { createReadStream } from 'node:fs';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { compress } from '../../image/compress/compress.ts';
import type { Compression } from '../../image/compress/compressions.ts';
import type { Image } from '../../image/image.ts';
import { layerBytes } from '../../image/layer.ts';
import { digestOfStream } from '../../oci/read-layout.ts';
import type { Rootfs } from '../../rootfs/rootfs.ts';
import { stage } from '../../store/staging.ts';
import { writeNewFile } from '../../store/write-whole-file.ts';
import { decompress } from '../../tar/decompress.ts';
import type { OutputRequest, StagedOutput } from '../contract.ts';
import { refuseFolder, stagedFile } from '../staged-file.ts';

const formats = { gzip: 'gz', zstd: 'zst', xz: 'xz' } as const;

/** Unpacks a compressed file with other code than what packed it; IMAGE_MISMATCH. */
async function checkUnpacked(
  path: string,
  compression: keyof typeof formats,
  { diffId, size }: Rootfs,
  { signal }: Io,
): Promise<void> {
  const limits = { maxBytes: size, maxRatio: Number.POSITIVE_INFINITY, what: path, signal };
  const bytes = decompress(createReadStream(path), formats[compression], limits);
  const found = await digestOfStream(bytes).catch((error: unknown) => {
    if (error instanceof MkbaseError && error.code === 'ARCHIVE_REFUSED') return error.message;
    throw error;
  });
  if (found === diffId) return;
  throw new MkbaseError({
    code: 'IMAGE_MISMATCH',
    message: `What was compressed with ${compression} does not unpack to the root filesystem again: expected ${diffId}, found ${found}.`,
    hint: 'Run the same command again; if it happens again, test the disk and the memory.',
  });
}

/** Reads the rootfs's tar and tells the progress: compressing it may take long. */
async function* bytesWithProgress(rootfs: Rootfs, { emit }: Io): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const chunk of layerBytes(rootfs)) {
    yield chunk;
    done += chunk.length;
    emit({ type: 'progress', stage: 'image', done, total: rootfs.size });
  }
}

/** Writes a rootfs's tar to a new file; IMAGE_MISMATCH when its bytes changed on the way. */
export async function writeRootfs(
  path: string,
  rootfs: Rootfs,
  compression: Compression,
  io: Io,
): Promise<void> {
  await writeNewFile(path, compress(bytesWithProgress(rootfs, io), compression), io.signal);
  if (compression !== 'none') await checkUnpacked(path, compression, rootfs, io);
}

/** Stages the rootfs's tar as a file at `dest`. USAGE for a folder; else as `writeRootfs`. */
export async function stageRootfs(
  { rootfs }: Image,
  request: OutputRequest,
  dest: string,
  compression: Compression,
  io: Io,
): Promise<StagedOutput> {
  await refuseFolder(dest);
  const staged = await stage(dest, 'file', (path) => writeRootfs(path, rootfs, compression, io));
  return stagedFile(request, dest, staged);
}
