import { createReadStream } from 'node:fs';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { compress } from '../../image/compress/compress.ts';
import type { Compression } from '../../image/compress/names.ts';
import { hashOf } from '../../image/read-layout.ts';
import type { Rootfs } from '../../rootfs/rootfs.ts';
import { type Staged, stage } from '../../store/staging.ts';
import { decompress } from '../../tar/decompress.ts';
import { refuseFolder } from '../occupied.ts';
import { layerBytes, writeFile } from '../write-file.ts';

const formats = { gzip: 'gz', zstd: 'zst', xz: 'xz' } as const;

/** What a compressed file unpacks to, by other code than what packed it. */
async function checkUnpacked(
  path: string,
  compression: keyof typeof formats,
  { diffId, size }: Rootfs,
  { signal }: Io,
): Promise<void> {
  const limits = { maxBytes: size, maxRatio: Number.POSITIVE_INFINITY, what: path, signal };
  const bytes = decompress(createReadStream(path), formats[compression], limits);
  const found = await hashOf(bytes).catch((error: unknown) => {
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

/** The rootfs's tar; to compress it may take long enough for somebody to wonder. */
async function* followed(rootfs: Rootfs, { emit }: Io): AsyncGenerator<Uint8Array> {
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
  await writeFile(path, compress(followed(rootfs, io), compression), io.signal);
  if (compression !== 'none') await checkUnpacked(path, compression, rootfs, io);
}

/** Stages the rootfs's tar as a file of its own. Errors as in `writeRootfs`, USAGE. */
export async function stageRootfs(
  dest: string,
  rootfs: Rootfs,
  compression: Compression,
  io: Io,
): Promise<Staged> {
  await refuseFolder(dest);
  return stage(dest, 'file', (path) => writeRootfs(path, rootfs, compression, io));
}
