import { host } from '../base/host.ts';
import { removeByHandle } from './removal/by-handle.ts';
import { removeByPath } from './removal/by-path.ts';

/**
 * Removes a file or a whole tree, and says whether all of it is gone; never throws. What is mounted
 * inside is neither unmounted nor entered. Folders without permissions are given some first. Names are bytes
 * throughout: those of a rootfs are seldom all UTF-8.
 */
export async function removeTree(path: string): Promise<boolean> {
  try {
    return await (host.isLinux ? removeByHandle(path) : removeByPath(path));
  } catch {
    return false;
  }
}
