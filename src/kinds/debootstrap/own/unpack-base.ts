import type { ByteString } from '../../../base/byte-string.ts';
import type { Io } from '../../../base/events.ts';
import { mapConcurrent } from '../../../base/map-concurrent.ts';
import type { LockedPackage } from '../../../packages/deb/locked-debs.ts';
import type { DebPlace } from '../../../packages/deb/unpack/deb-control.ts';
import { type UnpackedDeb, unpackDeb } from '../../../packages/deb/unpack/unpack-deb.ts';
import { isMergeLink } from '../../../packages/deb/unpack/usr-merge.ts';
import type { Entry } from '../../../tar/entry.ts';
import { parentOf } from '../../../tar/names.ts';

/** Packages, and the one tree of their files. */
export interface UnpackedBase {
  readonly packages: readonly UnpackedDeb[];
  readonly tree: ReadonlyMap<ByteString, Entry>;
}

/** While one package is decoded the next is read. */
const concurrency = 2;

/**
 * Unpacks packages of the store, in their order; `top` is one of them that is unpacked already. Errors:
 * SOURCE_CORRUPT, ARCHIVE_REFUSED, NO_SPACE, IO.
 */
export function unpackEach(
  packages: readonly LockedPackage[],
  top: UnpackedDeb | undefined,
  place: DebPlace,
  io: Io,
): Promise<UnpackedDeb[]> {
  const total = packages.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const unpack = async (locked: LockedPackage, group: Io) => {
    const unpacked = top?.locked === locked ? top : await unpackDeb(locked, place, group);
    done += locked.size;
    io.emit({ type: 'progress', stage: 'build', done, total, item: locked.name });
    return unpacked;
  };
  return mapConcurrent(packages, concurrency, unpack, io);
}

/** Unpacks the package that brings the top folders; undefined where there is none. Errors: as unpackEach. */
export async function unpackTop(
  packages: readonly LockedPackage[],
  place: DebPlace,
  io: Io,
): Promise<UnpackedDeb | undefined> {
  const top = packages.find(({ name }) => name === 'base-files');
  return top && unpackDeb(top, place, io);
}

/** Tells whether a package has /bin as a folder of its own: joinPackages takes no set with it. */
export const hasOwnBin = ({ entries }: UnpackedDeb): boolean =>
  entries.some(({ path, type }) => path === 'bin' && type === 'directory');

const sharedBy = (first: Entry, second: Entry): boolean =>
  first.type === 'directory' &&
  second.type === 'directory' &&
  first.mode === second.mode &&
  first.uid === second.uid &&
  first.gid === second.gid;

const throughLinks = (links: ReadonlySet<string>) => (path: ByteString) =>
  links.has(path.split('/', 1)[0]!) ? `usr/${path}` : path;

/**
 * Joins the files of packages through the links that merge /usr. Returns undefined where that asks for more
 * than putting files side by side: where no package brings those links, as before Debian 13, where two
 * bring one path that is no folder or that they do not agree on, or one brings a path below a link.
 */
export function joinPackages(packages: readonly UnpackedDeb[]): UnpackedBase | undefined {
  const links = new Set(
    packages.flatMap(({ entries }) => entries.filter(isMergeLink).map(({ path }) => path)),
  );
  if (!links.has('bin')) return undefined;
  const moved = throughLinks(links);
  const tree = new Map<ByteString, Entry>();
  for (const original of packages.flatMap(({ entries }) => entries)) {
    const path = isMergeLink(original) ? original.path : moved(original.path);
    const target = original.type === 'hardlink' && { target: moved(original.target) };
    const entry = { ...original, path, ...target } as Entry;
    const existing = tree.get(path);
    if (existing !== undefined && !sharedBy(existing, entry)) return undefined;
    if (existing === undefined) tree.set(path, entry);
  }
  const inFolders = [...tree.keys()].every((path) => {
    const parent = tree.get(parentOf(path));
    return parent === undefined || parent.type === 'directory';
  });
  return inFolders ? { packages, tree } : undefined;
}
