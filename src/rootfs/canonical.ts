import type { ByteString } from '../base/byte-string.ts';
import type { Entry } from '../tar/entry.ts';
import { ancestorsOf, type Inode, type Tree } from './tree.ts';

/** Linux knows no other mode for a symlink (symlink(7)); packers write what they like. */
const symlinkMode = 0o777;

/** Makes a folder that no entry describes, as `mkdir` by root would. */
const plainDirectory = (path: ByteString, mtime: number): Inode => ({
  type: 'directory',
  path,
  mode: 0o755,
  uid: 0,
  gid: 0,
  mtime,
  xattrs: [],
});

function withParents(tree: Tree, epoch: number): Tree {
  const whole: Tree = new Map(tree);
  for (const path of tree.keys()) {
    for (const parent of ancestorsOf(path)) {
      if (whole.has(parent)) break;
      whole.set(parent, plainDirectory(parent, epoch));
    }
  }
  return whole;
}

/**
 * Makes the sort key of a path: byte order of the names in each folder, and each folder's own before
 * the next name, as GNU tar's `--sort=name`. Unpackers that finish a folder when they leave it need
 * that.
 */
const sortKey = (path: ByteString): ByteString => path.replaceAll('/', '\0');

/** Returns things with different paths in the canonical order of these. */
export const inPathOrder = <T extends { readonly path: ByteString }>(things: readonly T[]): T[] =>
  things
    .map((thing) => ({ key: sortKey(thing.path), thing }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ thing }) => thing);

const inOrder = (tree: Tree): [ByteString, Inode][] =>
  inPathOrder([...tree].map(([path, inode]) => ({ path, inode }))).map(({ path, inode }) => [
    path,
    inode,
  ]);

/**
 * Returns the one list of entries for a tree: parents first, names in byte order; missing parents
 * added; no time later than the epoch (seconds since 1970). The first name of a file is the file and
 * its other names link to it; links repeat its mode, owner and attributes, because some unpackers
 * apply a link's own to the file.
 */
export function canonicalOrder(tree: Tree, epoch: number): Entry[] {
  const first = new Map<Inode, ByteString>();
  return inOrder(withParents(tree, epoch)).map(([path, inode]): Entry => {
    const { uid, gid, xattrs } = inode;
    const mode = inode.type === 'symlink' ? symlinkMode : inode.mode;
    const mtime = Math.min(inode.mtime, epoch);
    const target = first.get(inode);
    if (target === undefined) {
      first.set(inode, path);
      const same = inode.path === path && inode.mode === mode && inode.mtime === mtime;
      return same ? inode : { ...inode, path, mode, mtime };
    }
    return { type: 'hardlink', path, mode, uid, gid, mtime, xattrs, target };
  });
}
