import type { ByteString } from '../../base/byte-string.ts';
import type { Entry } from '../../tar/entry.ts';
import type { Inode, Tree } from '../tree.ts';

/** Returns the tree that canonical entries describe: every name of a file names the very same object. */
export function treeOf(entries: readonly Entry[]): Tree {
  const tree: Tree = new Map();
  for (const entry of entries) {
    const inode = entry.type === 'hardlink' ? tree.get(entry.target) : entry;
    if (inode === undefined) throw new Error(`${entry.path} links to nothing`);
    tree.set(entry.path, inode);
  }
  return tree;
}

/** Returns the names of each object of a tree, in the order of its entries. */
export function namesOf(tree: Tree): Map<Inode, ByteString[]> {
  const names = new Map<Inode, ByteString[]>();
  for (const [path, inode] of tree) {
    const known = names.get(inode);
    if (known === undefined) names.set(inode, [path]);
    else known.push(path);
  }
  return names;
}
