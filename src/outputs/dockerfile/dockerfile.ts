import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Image } from '../../image/image.ts';
import { type Staged, stage, syncFolder } from '../../store/staging.ts';
import { writeRootfs } from '../rootfs/rootfs-tar.ts';
import { writeFile } from '../write-file.ts';
import { dockerfileMark, dockerfileText } from './text.ts';

const dockerfile = 'Dockerfile';
/** As official images are published; every builder unpacks it. */
const archive = 'rootfs.tar.xz';

/** A folder with nothing in it but what an earlier export wrote. */
async function isOurs(folder: string, names: readonly string[]): Promise<boolean> {
  if (names.some((name) => name !== dockerfile && name !== archive)) return false;
  const text = await readFile(join(folder, dockerfile), 'utf8').catch(() => '');
  return text.startsWith(dockerfileMark);
}

/** Only an empty folder or an earlier export is replaced: anything else would be lost. */
async function refuseOccupied(dest: string): Promise<void> {
  const found = await stat(dest).catch(() => undefined);
  if (found === undefined) return;
  const names = found.isDirectory() ? await readdir(dest) : undefined;
  if (names !== undefined && (names.length === 0 || (await isOurs(dest, names)))) return;
  throw new MkbaseError({
    code: 'USAGE',
    message: `${dest} is ${names === undefined ? 'no folder' : 'a folder with other things in it'}.`,
    hint: 'Name a folder that does not exist yet, an empty one, or an earlier export to replace.',
  });
}

/**
 * Stages a folder from which `docker build` makes the image: a Dockerfile and the rootfs. USAGE when
 * something else is at `dest`; IMAGE_MISMATCH, IO, NO_SPACE.
 */
export async function stageDockerfile(dest: string, image: Image, io: Io): Promise<Staged> {
  await refuseOccupied(dest);
  const text = Buffer.from(dockerfileText(image, archive));
  return stage(dest, 'folder', async (folder) => {
    await mkdir(folder);
    await writeRootfs(join(folder, archive), image.rootfs, 'xz', io);
    await writeFile(join(folder, dockerfile), [text], io.signal);
    await syncFolder(folder);
  });
}
