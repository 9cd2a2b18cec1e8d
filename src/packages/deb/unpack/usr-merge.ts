import type { ByteString } from '../../../base/byte-string.ts';
import type { Entry } from '../../../tar/entry.ts';
import { rootLink } from '../../../tar/root-entry.ts';

/** Folders that are symbolic links into /usr on every Debian since 12 (usrmerge, DEP 17). */
const merged = new Set(['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libo32', 'libx32']);

/** Moves a path below /bin, /sbin or a /lib folder into /usr, where those links lead. */
export function mergedPath(path: ByteString): ByteString {
  const slash = path.indexOf('/');
  return merged.has(slash < 0 ? path : path.slice(0, slash)) ? `usr/${path}` : path;
}

/** Tells whether an entry is one of those links, as base-files ships them. */
export function isMergeLink(entry: Entry): boolean {
  if (entry.type !== 'symlink' || !merged.has(entry.path)) return false;
  return entry.target.replace(/^\//, '').replace(/\/$/, '') === `usr/${entry.path}`;
}

/** Makes the links that a tree needs: one for each such folder of /usr that is not empty. */
export function mergeLinks(paths: Iterable<ByteString>, mtime: number): Entry[] {
  const found = new Set<string>();
  for (const path of paths) {
    const [usr, folder, below] = path.split('/', 3);
    if (usr === 'usr' && below !== undefined && merged.has(folder!)) found.add(folder!);
  }
  return [...found].sort().map((folder) => rootLink(folder, `usr/${folder}`, mtime));
}
