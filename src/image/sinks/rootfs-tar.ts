import type { Io } from '../../events.ts';
import type { Rootfs } from '../../rootfs/rootfs.ts';
import { refuseFolder } from './occupied.ts';
import { type Staged, stage } from './staging.ts';
import { layerBytes, writeFile } from './write-file.ts';

/** Stages the rootfs's tar as a file of its own; IMAGE_MISMATCH when its bytes changed. */
export async function stageRootfs(dest: string, rootfs: Rootfs, io: Io): Promise<Staged> {
  await refuseFolder(dest);
  return stage(dest, 'file', (path) => writeFile(path, layerBytes(rootfs), io.signal));
}
