import type { ByteString } from '../../base/byte-string.ts';
import { contentReader } from '../../tar/content.ts';
import type { Entry } from '../../tar/entry.ts';
import { parentOf } from '../../tar/names.ts';
import { inPathOrder } from '../canonical.ts';
import { ancestorsOf, type Inode, type Tree } from '../tree.ts';
import { namesOf, treeOf } from './objects.ts';
import { isSameObject } from './same-object.ts';
import { whiteoutOf } from './whiteout.ts';

/** Returns the one object of a tree that all these paths name; undefined where there is none. */
function objectUnder(tree: Tree, paths: readonly ByteString[]): Inode | undefined {
  const [first = '', ...others] = paths;
  const inode = tree.get(first);
  return others.every((path) => tree.get(path) === inode) ? inode : undefined;
}

/**
 * Returns the names of all objects that the base does not have as they are. An object with several names is taken whole
 * or not at all: engines that keep layers apart could not link to a file of another layer. Throws IO.
 */
async function changedPaths(base: Tree, image: Tree): Promise<Set<ByteString>> {
  const changed = new Set<ByteString>();
  const kept = new Set<Inode>();
  const reader = contentReader();
  try {
    for (const [inode, names] of namesOf(image)) {
      const before = objectUnder(base, names);
      // Two files that the base has as one: it stays what the first of them is.
      const isFree = before !== undefined && !kept.has(before);
      if (isFree && (await isSameObject(before, inode, reader))) kept.add(before);
      else for (const name of names) changed.add(name);
    }
  } finally {
    reader.close();
  }
  return changed;
}

/** Returns the paths to take away; what is below one of them, or below what took a folder's place, goes with it. */
function removedPaths(base: Tree, image: Tree): ByteString[] {
  return [...base.keys()].filter((path) => {
    const parent = parentOf(path);
    return !image.has(path) && (parent === '' || image.get(parent)?.type === 'directory');
  });
}

/** Returns the paths and every folder above them: an engine that finds none in a layer makes it as it likes. */
function withFolders(paths: Iterable<ByteString>): Set<ByteString> {
  const all = new Set<ByteString>();
  for (const path of paths) {
    all.add(path);
    for (const folder of ancestorsOf(path)) {
      if (all.has(folder)) break;
      all.add(folder);
    }
  }
  return all;
}

/**
 * Returns the entries of the layer that makes the tree `image` of the tree `base`, both canonical: what was added or
 * changed, a whiteout for each path that was taken away, and the folders above both (OCI image-spec, layer.md).
 * Their order is the canonical one, and they follow from the two trees alone. Throws IO.
 */
export async function layerDifference(
  base: readonly Entry[],
  image: readonly Entry[],
): Promise<Entry[]> {
  const [below, above] = [treeOf(base), treeOf(image)];
  const whiteouts = removedPaths(below, above).map(whiteoutOf);
  const changed = await changedPaths(below, above);
  const touched = withFolders([...changed, ...whiteouts.map(({ path }) => path)]);
  return inPathOrder([...image.filter(({ path }) => touched.has(path)), ...whiteouts]);
}
