import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';

/** open(2): a handle that names an object without reading it, and so needs no permission on it. */
const O_PATH = 0o10000000;
const folderOnly = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Others get a turn this often; calls that wait are quicker here by far than those that do not. */
const turnMilliseconds = 10;

interface Removal {
  /** Nothing on another mount is touched. */
  readonly mount: string;
  turnStarted: number;
}

/**
 * Removes a file or a whole tree, and says whether all of it is gone; never throws. What is mounted
 * inside is neither unmounted nor entered. Folders without permissions are given some first. Each
 * step goes through an open handle of the parent folder, so that a link put in a folder's place
 * meanwhile leads nowhere. Names are bytes throughout: those of a rootfs are seldom all UTF-8.
 */
export async function removeTree(path: string): Promise<boolean> {
  try {
    const removal = { mount: mountAt(dirname(path)), turnStarted: performance.now() };
    return await remove(Buffer.from(path), removal);
  } catch {
    return false;
  }
}

async function remove(path: Buffer, removal: Removal): Promise<boolean> {
  try {
    const folder = openFolder(path);
    if (folder === undefined) return happens(() => unlinkSync(path));
    const empty = await emptied(folder, removal).finally(() => closeSync(folder));
    return empty && happens(() => rmdirSync(path));
  } catch (error) {
    return isMissing(error);
  }
}

/** Opens a folder; undefined for anything else. */
function openFolder(path: Buffer): number | undefined {
  try {
    return openSync(path, folderOnly);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTDIR' && code !== 'ELOOP') throw error;
    return undefined;
  }
}

async function emptied(folder: number, removal: Removal): Promise<boolean> {
  if (mountOf(folder) !== removal.mount) return false;
  const here = `/proc/self/fd/${folder}`;
  if ((fstatSync(folder).mode & 0o700) !== 0o700) chmodSync(here, 0o700);
  const entries = readdirSync(here, { withFileTypes: true, encoding: 'buffer' });
  let all = true;
  for (const entry of entries) {
    const path = Buffer.concat([Buffer.from(`${here}/`), entry.name]);
    const gone = entry.isDirectory() ? remove(path, removal) : happens(() => unlinkSync(path));
    all = (await gone) && all;
    await letOthers(removal);
  }
  return all;
}

async function letOthers(removal: Removal): Promise<void> {
  if (performance.now() - removal.turnStarted < turnMilliseconds) return;
  await breathe();
  removal.turnStarted = performance.now();
}

function mountAt(folder: string): string {
  const handle = openSync(folder, O_PATH | constants.O_DIRECTORY);
  try {
    return mountOf(handle);
  } finally {
    closeSync(handle);
  }
}

/** Returns the mount that a handle's object is on (`mnt_id` of /proc/<pid>/fdinfo/<fd>, proc(5)). */
function mountOf(handle: number): string {
  const info = readFileSync(`/proc/self/fdinfo/${handle}`, 'latin1');
  const id = /^mnt_id:\s*(\d+)$/m.exec(info)?.[1];
  if (id === undefined) throw new Error('no mnt_id in fdinfo');
  return id;
}

/** Tells whether a removal came about; somebody else having done it is as good. */
function happens(removal: () => void): boolean {
  try {
    removal();
    return true;
  } catch (error) {
    return isMissing(error);
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
