import type { ByteString } from '../../base/byte-string.ts';
import type { Entry } from '../../tar/entry.ts';
import { canonicalOrder } from '../canonical.ts';
import type { Refuse } from '../refusals.ts';
import { ancestorsOf, type Inode, type Tree } from '../tree.ts';
import { treeOf } from './objects.ts';
import { removalIn } from './whiteout.ts';

/** The paths that a layer takes away, and the folders of which it takes away what is in them. */
interface Removals {
  readonly paths: ReadonlySet<ByteString>;
  readonly below: ReadonlySet<ByteString>;
}

/** Reads the whiteouts of a layer. One that names nothing is refused: engines differ in what it does. */
function removalsOf(tree: Tree, layer: readonly Entry[], refuse: Refuse): Removals {
  const [paths, below] = [new Set<ByteString>(), new Set<ByteString>()];
  for (const entry of layer) {
    const removal = removalIn(entry);
    if (removal === undefined) {
      // Anything that is no folder takes the place of a folder and of all that is in it.
      if (entry.type !== 'directory') below.add(entry.path);
      continue;
    }
    if (entry.type !== 'file' || entry.size > 0) refuse(entry.path, 'is no empty file');
    if ('below' in removal) below.add(removal.below);
    else if (tree.has(removal.path)) paths.add(removal.path);
    else refuse(entry.path, 'takes away what is not there');
  }
  return { paths, below };
}

/** Returns the tree without what is taken away. */
function without(tree: Tree, { paths, below }: Removals): Tree {
  const isGone = (path: ByteString) => {
    if (paths.has(path) || below.has('')) return true;
    for (const folder of ancestorsOf(path)) {
      if (paths.has(folder) || below.has(folder)) return true;
    }
    return false;
  };
  return new Map([...tree].filter(([path]) => !isGone(path)));
}

/** Returns the reason why an entry cannot be put into a tree, or the object that it puts there. */
function objectOf(tree: Tree, entry: Entry): Inode | string {
  const [folder] = ancestorsOf(entry.path);
  if (folder !== undefined && tree.get(folder)?.type !== 'directory') return 'lies in no folder';
  if (entry.type !== 'hardlink') return entry;
  const inode = tree.get(entry.target);
  return inode?.type === 'file' ? inode : 'is a hard link to no file';
}

/**
 * Returns the canonical entries of the tree that a layer makes of the one below it (OCI image-spec, layer.md, "Applying
 * Changesets"): its whiteouts first, wherever they stand, for they concern only what is below. A name that stands in
 * the layer twice, or that both goes and comes, is refused, since tools differ in what becomes of it.
 */
export function applyLayer(
  below: readonly Entry[],
  layer: readonly Entry[],
  refuse: Refuse,
): Entry[] {
  const lower = treeOf(below);
  const removals = removalsOf(lower, layer, refuse);
  const tree = without(lower, removals);
  const seen = new Set<ByteString>();
  for (const entry of layer) {
    const { path } = entry;
    if (removalIn(entry) !== undefined) continue;
    if (seen.has(path)) refuse(path, 'is there twice');
    if (removals.paths.has(path)) refuse(path, 'is taken away and there as well');
    seen.add(path);
    const object = objectOf(tree, entry);
    if (typeof object === 'string') refuse(path, object);
    else tree.set(path, object);
  }
  return canonicalOrder(tree, Number.MAX_SAFE_INTEGER);
}
