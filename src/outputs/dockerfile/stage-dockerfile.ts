import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { readRegular } from '../../base/regular-file.ts';
import type { Image } from '../../image/image.ts';
import { toDockerfileLines } from '../../image/instructions.ts';
import { stage, syncFolder } from '../../store/staging.ts';
import { writeNewFile } from '../../store/write-whole-file.ts';
import type { OutputRequest, StagedOutput } from '../contract.ts';
import { writeRootfs } from '../rootfs/stage-rootfs.ts';
import { stagedFile } from '../staged-file.ts';

const dockerfile = 'Dockerfile';
/** Compressed as official images are published; every builder unpacks it. */
const archive = 'rootfs.tar.xz';

/** The first line of a Dockerfile starts with this, by which the folder is recognised as mkbase's. */
const mark = '# mkbase: recipe ';

/**
 * Returns a Dockerfile that makes an image of its rootfs, which lies beside it, and its config
 * (Dockerfile reference). It has one layer; builders set a PATH where the recipe sets none.
 */
export const dockerfileText = ({ settings, comment }: Image): string =>
  [`# ${comment}`, 'FROM scratch', `ADD ${archive} /`, ...toDockerfileLines(settings), ''].join(
    '\n',
  );

/** Returns whether a folder holds nothing but the files of an earlier export. */
async function isOurs(folder: string, names: readonly string[]): Promise<boolean> {
  if (names.some((name) => name !== dockerfile && name !== archive)) return false;
  const bytes = await readRegular(join(folder, dockerfile), { most: 1024 ** 2 }).catch(() => {});
  return bytes?.toString('utf8').startsWith(mark) ?? false;
}

/** Refuses all but an empty folder and an earlier export: anything else would be lost. */
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
export async function stageDockerfile(
  image: Image,
  request: OutputRequest,
  dest: string,
  io: Io,
): Promise<StagedOutput> {
  await refuseOccupied(dest);
  const text = Buffer.from(dockerfileText(image));
  const staged = await stage(dest, 'folder', async (folder) => {
    await mkdir(folder);
    await writeRootfs(join(folder, archive), image, 'xz', io);
    await writeNewFile(join(folder, dockerfile), [text], io.signal);
    await syncFolder(folder);
  });
  return stagedFile(request, dest, staged);
}
