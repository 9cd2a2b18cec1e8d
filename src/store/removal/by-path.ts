import { chmodSync, lstatSync, readdirSync, rmdirSync, type Stats, unlinkSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { host } from '../../base/host.ts';
import { isMissing, isUnlinked, type Turn, takeTurns } from './steps.ts';

interface Removal extends Turn {
  /** Nothing on another device is touched. */
  readonly device: number;
}

/**
 * Removes as removeTree does, where a folder has no handle through which to reach what is in it. Whoever may
 * write in the tree could put a link in a folder's place meanwhile; the folders that mkbase removes so are its
 * user's own. Throws where the parent cannot be looked at.
 */
export function removeByPath(path: string): Promise<boolean> {
  const { dev: device } = lstatSync(dirname(path));
  return remove(Buffer.from(path), { device, turnStarted: performance.now() });
}

async function remove(path: Buffer, removal: Removal): Promise<boolean> {
  try {
    const stats = lstatSync(path);
    if (!stats.isDirectory()) return isUnlinked(() => unlinkSync(path));
    return (await emptied(path, stats, removal)) && isUnlinked(() => rmdirSync(path));
  } catch (error) {
    return isMissing(error);
  }
}

async function emptied(folder: Buffer, stats: Stats, removal: Removal): Promise<boolean> {
  if (stats.dev !== removal.device) return false;
  if (host.hasModes && (stats.mode & 0o700) !== 0o700) chmodSync(folder, 0o700);
  let all = true;
  for (const name of readdirSync(folder, { encoding: 'buffer' })) {
    all = (await remove(Buffer.concat([folder, Buffer.from(sep), name]), removal)) && all;
    await takeTurns(removal);
  }
  return all;
}
