import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from '../../tar/entry.ts';
import { idCount } from '../step.ts';

/** Folders beside a tree, which prepareScript reads. */
const ownersFolder = 'owners';
const modesFolder = 'modes';

/** Types that nobody can make here. */
const notMade = new Set<Entry['type']>(['character', 'block']);
const setId = 0o6000;

/** Adds a path to the list of a name. */
function add(lists: Map<string, string[]>, name: string, path: string): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [path]);
  else list.push(path);
}

async function writeLists(folder: string, lists: ReadonlyMap<string, readonly string[]>) {
  await mkdir(folder, { mode: 0o755 });
  for (const [name, paths] of lists) {
    const text = paths.map((path) => `./${path}\0`).join('');
    await writeFile(join(folder, name), Buffer.from(text, 'latin1'), { mode: 0o644 });
  }
}

/**
 * Writes, beside a tree whose files all belong to one user, who they belong to inside: for each owner but
 * root a list of paths, and for each mode with set-id bits, which a change of the owner clears, another.
 * A further name of a file is listed, too: a copy in memory leaves it behind. Names are `uid:gid` and
 * octal modes; paths are ended by NUL. An id that a range has not stays root's.
 */
export async function writeOwners(entries: readonly Entry[], folder: string): Promise<void> {
  const owners = new Map<string, string[]>();
  const modes = new Map<string, string[]>();
  for (const { type, path, uid, gid, mode } of entries) {
    if (notMade.has(type) || (uid === 0 && gid === 0)) continue;
    if (uid >= idCount || gid >= idCount) continue;
    add(owners, `${uid}:${gid}`, path);
    if (type !== 'symlink' && (mode & setId) !== 0) add(modes, mode.toString(8), path);
  }
  await writeLists(join(folder, ownersFolder), owners);
  await writeLists(join(folder, modesFolder), modes);
}
