import type { Io } from '../../base/events.ts';
import type { Compression } from '../../image/compress/compressions.ts';
import type { Image } from '../../image/image.ts';
import { packedTar } from '../../image/image-form.ts';
import { checkedBytes } from '../../image/layer.ts';
import { stage } from '../../store/staging.ts';
import { writeNewFile } from '../../store/write-whole-file.ts';
import type { OutputRequest, StagedOutput } from '../contract.ts';
import { refuseFolder, stagedFile } from '../staged-file.ts';

/** Writes a rootfs's tar, as it was compressed, to a new file; IMAGE_MISMATCH when its bytes changed on the way. */
export const writeRootfs = (
  path: string,
  image: Image,
  compression: Compression,
  io: Io,
): Promise<void> =>
  writeNewFile(path, checkedBytes(packedTar(image, image.rootfs, compression)), io.signal);

/** Stages the rootfs's tar as a file at `dest`. USAGE for a folder; else as `writeRootfs`. */
export async function stageRootfs(
  image: Image,
  request: OutputRequest,
  dest: string,
  compression: Compression,
  io: Io,
): Promise<StagedOutput> {
  await refuseFolder(dest);
  const staged = await stage(dest, 'file', (path) => writeRootfs(path, image, compression, io));
  return stagedFile(request, dest, staged);
}
