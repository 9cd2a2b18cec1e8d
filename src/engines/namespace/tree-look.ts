import { createHash, type Hash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Synchronous, since a thousand answers from the kernel's cache take less than their promises would. */
function addFolder(hash: Hash, folder: string): void {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const { ino, mode, size, mtimeMs, ctimeMs } = lstatSync(path);
    hash.update(`${entry.name}\0${ino} ${mode} ${size} ${mtimeMs} ${ctimeMs}\0`);
    if (entry.isDirectory()) addFolder(hash, path);
    hash.update('\0');
  }
}

/**
 * A digest of what every file below a folder looks like: its name, inode, mode, size and times.
 * Whoever writes, adds or removes one changes it, for nobody can set the time of a change (inode(7)). A disk
 * that gives back other bytes than were written does not.
 */
export function treeLook(folder: string): string {
  const hash = createHash('sha256');
  addFolder(hash, folder);
  return hash.digest('hex');
}
