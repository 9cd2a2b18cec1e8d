import { toByteString } from '../base/byte-string.ts';
import { MkbaseError } from '../base/errors.ts';
import type { Entry } from '../tar/entry.ts';
import { parentOf } from '../tar/names.ts';
import { rootFile } from '../tar/root-entry.ts';

/** Folders that an engine mounts below the root of each container. */
export const mountedFolders = ['dev', 'proc', 'sys'] as const;

/** Files that engines mount or write, whatever a tree has there. */
export const mountedFiles = ['etc/hostname', 'etc/hosts', 'etc/resolv.conf'] as const;

/** The file by which podman tells that a program is in a container; no other engine has it. */
export const podmanFile = 'run/.containerenv';

/** Files that an engine makes in the root of a container where the image has none; it mounts nothing there. */
export const engineFiles = ['.dockerenv', 'etc/mtab'] as const;

/** The text of a mounted file where the tree has no regular file of that name. */
const usualText: Readonly<Record<(typeof mountedFiles)[number], string>> = {
  'etc/hostname': 'mkbase\n',
  'etc/hosts': '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n',
  'etc/resolv.conf': '# There is no network.\n',
};

const files = new Set<string>([...mountedFiles, podmanFile]);

/** Tells whether a path is one that the engine mounts or writes. */
export const isMounted = (path: string): boolean =>
  files.has(path) || mountedFolders.some((each) => path === each || path.startsWith(`${each}/`));

/** A tree in two parts. */
export interface PartedTree {
  /** The part that a step gets; a hard link to a file of the other part is that file in this one. */
  readonly inside: readonly Entry[];
  /** The part that is not given to the step, each file with its own content. */
  readonly outside: readonly Entry[];
}

/** Gives a hard link the type and the content of the file that it is another name of. */
function asFile(entry: Entry, byPath: ReadonlyMap<string, Entry>): Entry {
  if (entry.type !== 'hardlink') return entry;
  const target = byPath.get(entry.target);
  return target === undefined ? entry : { ...target, path: entry.path };
}

/** Parts what the engine mounts from the rest of a tree. */
export function partTree(tree: readonly Entry[]): PartedTree {
  const byPath = new Map<string, Entry>(tree.map((entry) => [entry.path, entry]));
  /** The first name inside of a file whose own name is outside. */
  const moved = new Map<string, Entry['path']>();
  const inside: Entry[] = [];
  const outside: Entry[] = [];
  for (const entry of tree) {
    if (isMounted(entry.path)) outside.push(asFile(entry, byPath));
    else if (entry.type !== 'hardlink' || !isMounted(entry.target)) inside.push(entry);
    else {
      const target = moved.get(entry.target);
      inside.push(target === undefined ? asFile(entry, byPath) : { ...entry, target });
      if (target === undefined) moved.set(entry.target, entry.path);
    }
  }
  return { inside, outside };
}

/** Returns the text that a step finds in each of the mounted files: the tree's own, if it has one. */
export function mountedEntries(outside: readonly Entry[], folder: string): Entry[] {
  return mountedFiles.map((name) => {
    const own = outside.find(({ path, type }) => path === name && type === 'file');
    return rootFile(`${folder}/${name}`, own?.type === 'file' ? own.content : usualText[name]);
  });
}

/**
 * Refuses the file that is podman's own where a command made it: on podman it would not be in the tree.
 * Throws BUILD_FAILED.
 */
export function checkLeft(left: readonly Entry[]): void {
  if (!left.some(({ path }) => path === podmanFile)) return;
  throw new MkbaseError({
    code: 'BUILD_FAILED',
    message: `The commands made /${podmanFile}, which podman mounts in each of its containers. Expected none.`,
    hint: 'Make it with `files:`, or under another name.',
  });
}

/** Folders in which an engine makes what it mounts, where a tree has none. */
export const madeFolders: readonly string[] = ['etc', 'run'];

/**
 * Returns the tree that a step left with the parts that it was not given as they were. A folder that is
 * there only for what the engine mounts goes; /dev is there always. Throws BUILD_FAILED when a folder
 * that they stand in is gone.
 */
export function joinTree(
  left: readonly Entry[],
  { inside, outside }: PartedTree,
  epoch: number,
): Entry[] {
  const before = new Set<string>(inside.map(({ path }) => path));
  const isBare = (path: string) =>
    madeFolders.some((each) => each === path) &&
    !before.has(path) &&
    !left.some((entry) => !isMounted(entry.path) && entry.path.startsWith(`${path}/`));
  const kept = left.filter(({ path }) => !isMounted(path) && !isBare(path));
  const folders = new Set<string>(
    kept.filter(({ type }) => type === 'directory').map(({ path }) => path),
  );
  for (const { path } of outside) {
    const parent = parentOf(path);
    if (parent === '' || isMounted(parent) || folders.has(parent)) continue;
    throw new MkbaseError({
      code: 'BUILD_FAILED',
      message: `The commands took away the folder /${parent}, in which /${path} stands. Expected a folder, found none.`,
      hint: `Leave /${parent} a folder, or take /${path} out of the recipe.`,
    });
  }
  return [
    ...kept,
    ...(outside.some(({ path }) => path === 'dev') ? [] : [devices(epoch)]),
    ...outside,
  ];
}

const devices = (epoch: number): Entry => {
  const owner = { uid: 0, gid: 0 };
  return {
    type: 'directory',
    path: toByteString('dev'),
    mode: 0o755,
    ...owner,
    mtime: epoch,
    xattrs: [],
  };
};
