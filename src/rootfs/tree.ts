import { posix } from 'node:path';
import type { ByteString } from '../base/byte-string.ts';
import type { Entry } from '../tar/entry.ts';
import { parentOf, shown } from '../tar/names.ts';
import type { Refuse } from './refusals.ts';

/**
 * A file system object under any name. `path` is a name that it once had and means nothing here.
 */
export type Inode = Exclude<Entry, { type: 'hardlink' }>;

/** Paths and what they name. Two paths that name the very same object are hard links. */
export type Tree = Map<ByteString, Inode>;

/** Says why an object cannot be placed over another: a folder and anything else never mix. */
export function replaceProblem(before: Inode | undefined, type: Inode['type']): string | undefined {
  if (before === undefined) return undefined;
  if ((before.type === 'directory') === (type === 'directory')) return undefined;
  return `is a ${before.type} already and cannot become a ${type}`;
}

/** Yields the folders above a path, innermost first, without the root. */
export function* ancestorsOf(path: ByteString): Generator<ByteString> {
  for (let parent = parentOf(path); parent !== ''; parent = parentOf(parent)) yield parent;
}

/** Links followed before a path counts as leading nowhere (path_resolution(7)). */
const mostLinks = 40;

/**
 * Returns where a path lands whose folders may be links in the tree (`bin` to `usr/bin`), for somebody in it.
 * Links at the paths of `own` are not followed.
 */
export function landing(tree: Tree, path: ByteString, own: ReadonlySet<ByteString>): ByteString {
  let left = path.split('/');
  let folders: string[] = [];
  for (let links = 0; left.length > 1 && links < mostLinks; ) {
    const [name = '', ...rest] = left;
    const place = [...folders, name].join('/');
    const inode = own.has(place) ? undefined : tree.get(place);
    if (inode?.type === 'symlink') {
      const from = inode.target.startsWith('/') ? '/' : posix.join('/', ...folders);
      left = [...posix.join(from, inode.target).split('/').filter(Boolean), ...rest];
      folders = [];
      links += 1;
    } else {
      folders.push(name);
      left = rest;
    }
  }
  return [...folders, ...left].join('/');
}

type Hardlink = Extract<Entry, { type: 'hardlink' }>;

/** Finds the object that a hard link names: as when unpacking, its target must be there before it. */
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
