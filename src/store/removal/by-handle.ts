import {
  chmodSync,
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { openFlags } from '../../base/host.ts';
import { isMissing, isUnlinked, type Turn, takeTurns } from './steps.ts';

/** open(2): a handle that names an object without reading it, and so needs no permission on it. */
const O_PATH = 0o10000000;
const folderOnly = O_PATH | openFlags.folder | openFlags.notLink;

interface Removal extends Turn {
  /** Nothing on another mount is touched. */
  readonly mount: string;
}

/**
 * Removes as removeTree does, on Linux: each step goes through an open handle of the parent folder, so that a
 * link put in a folder's place meanwhile leads nowhere. Throws where the parent cannot be opened.
 */
export function removeByHandle(path: string): Promise<boolean> {
  const removal = { mount: mountAt(dirname(path)), turnStarted: performance.now() };
  return remove(Buffer.from(path), removal);
}

async function remove(path: Buffer, removal: Removal): Promise<boolean> {
  try {
    const folder = openFolder(path);
    if (folder === undefined) return isUnlinked(() => unlinkSync(path));
    const empty = await emptied(folder, removal).finally(() => closeSync(folder));
    return empty && isUnlinked(() => rmdirSync(path));
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
    const gone = entry.isDirectory() ? remove(path, removal) : isUnlinked(() => unlinkSync(path));
    all = (await gone) && all;
    await takeTurns(removal);
  }
  return all;
}

function mountAt(folder: string): string {
  const handle = openSync(folder, O_PATH | openFlags.folder);
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
