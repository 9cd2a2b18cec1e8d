import type { ByteString } from '../base/byte-string.ts';
import type { Entry } from '../tar/entry.ts';
import { shown } from '../tar/names.ts';
import type { Refuse } from './refusals.ts';
import { type Inode, replaceProblem, type Tree } from './tree.ts';

type Hardlink = Extract<Entry, { type: 'hardlink' }>;

/** What a hard link names: as when unpacking, its target must be there before it. */
function linkedInode(tree: Tree, { path, target }: Hardlink, refuse: Refuse): Inode | undefined {
  const inode = tree.get(target);
  const link = `is a hard link to ${shown(target)}`;
  if (inode === undefined) refuse(path, `${link}, which is not there before it`);
  else if (inode.type === 'file') return inode;
  // A second symlink with the same target is the same to everyone, and needs no link.
  else if (inode.type === 'symlink') return { ...inode };
  else refuse(path, `${link}, which is a ${inode.type}, not a file`);
  return undefined;
}

/**
 * Adds one archive's entries. A name that comes twice is refused, since tools differ in which one
 * they keep; a directory may, because packers that are given overlapping paths repeat them, and
 * then the last one's mode and owner count, as they do when unpacking.
 */
function addLayer(tree: Tree, layer: readonly Entry[], refuse: Refuse): void {
  const seen = new Set<ByteString>();
  for (const entry of layer) {
    const { path } = entry;
    if (path === '') continue;
    const inode = entry.type === 'hardlink' ? linkedInode(tree, entry, refuse) : entry;
    if (inode === undefined) continue;
    const problem = replaceProblem(tree.get(path), inode.type);
    if (problem !== undefined) refuse(path, problem);
    else if (seen.has(path) && inode.type !== 'directory') refuse(path, 'is there twice');
    else tree.set(path, inode);
    seen.add(path);
  }
}

/** Lays layers over one another, base first, as unpacking them one after another would. */
export function mergeLayers(layers: readonly (readonly Entry[])[], refuse: Refuse): Tree {
  const tree: Tree = new Map();
  for (const layer of layers) addLayer(tree, layer, refuse);
  return tree;
}
