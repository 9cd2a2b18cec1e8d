import { type ByteString, fromByteString } from '../../../base/byte-string.ts';
import { MkbaseError } from '../../../base/errors.ts';
import type { Io, Stage } from '../../../base/events.ts';
import { mapConcurrent } from '../../../base/map-concurrent.ts';
import type { Store } from '../../../store/store.ts';
import type { Entry } from '../../../tar/entry.ts';
import type { LockedDebs, LockedPackage } from '../locked-debs.ts';
import { alternativeLinks } from './alternatives.ts';
import { type Diversion, mergePackages, type Owned } from './merge.ts';
import { packageRecords } from './package-records.ts';
import { type UnpackedDeb, unpackDeb } from './unpack-deb.ts';
import { mergeLinks } from './usr-merge.ts';

export interface UnpackOptions {
  readonly store: Store;
  /** An existing folder; the entries' contents stay in it. */
  readonly workFolder: string;
  readonly diversions: readonly Diversion[];
  /** True to make the links of update-alternatives. */
  readonly alternatives?: boolean;
  /** The stage that progress is told as; `toolchain` when left out. */
  readonly stage?: Stage;
}

/** While one package is decoded the next is read and another written. */
const concurrency = 2;

/**
 * Unpacks locked packages, which must be in the store, into the entries of one tree, sorted by
 * path: as dpkg would unpack them without configuring any, on a system whose /bin, /sbin and /lib
 * are links into /usr. Each package's record is added where scanners look for it. What is made up
 * here (links, records, folders that no package ships) carries the date of the base suite's index,
 * which security updates do not move. Errors:
 * SOURCE_CORRUPT, ARCHIVE_REFUSED, PACKAGE_CONFLICT, NO_SPACE, IO.
 */
export async function unpackDebs(
  locked: LockedDebs,
  options: UnpackOptions,
  io: Io,
): Promise<Entry[]> {
  const packages = await unpackAll(locked, options, io);
  const tree = await mergePackages(packages, options.diversions);
  const mtime = locked.indexes[0]?.date ?? 0;
  const entries = new Map<ByteString, Entry>();
  for (const [path, { entry }] of tree) entries.set(path, entry);
  for (const entry of packageRecords(packages, mtime)) entries.set(entry.path, entry);
  if (options.alternatives) {
    const scripts = packages.map(({ postinst }) => postinst);
    const links = alternativeLinks(scripts, (path) => entries.has(path), mtime);
    for (const link of links) entries.set(link.path, link);
  }
  for (const link of mergeLinks(entries.keys(), mtime)) addLink(entries, link, tree);
  addParents(entries, tree, mtime);
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function unpackAll(
  locked: LockedDebs,
  { store, workFolder, stage = 'toolchain' }: UnpackOptions,
  io: Io,
): Promise<UnpackedDeb[]> {
  const total = locked.packages.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const unpack = async (each: LockedPackage, group: Io) => {
    const unpacked = await unpackDeb(each, { store, workFolder }, group);
    done += each.size;
    io.emit({ type: 'progress', stage, done, total, item: each.name });
    return unpacked;
  };
  return mapConcurrent(locked.packages, concurrency, unpack, io);
}

function addLink(
  entries: Map<ByteString, Entry>,
  link: Entry,
  tree: ReadonlyMap<ByteString, Owned>,
): void {
  if (entries.has(link.path)) throw inTheWay(link.path, tree);
  entries.set(link.path, link);
}

/** Adds the folders that no package ships, and refuses a path below something that is no folder. */
function addParents(
  entries: Map<ByteString, Entry>,
  tree: ReadonlyMap<ByteString, Owned>,
  mtime: number,
): void {
  for (const path of [...entries.keys()]) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const parent = path.slice(0, slash);
      const existing = entries.get(parent);
      if (existing?.type === 'directory') break;
      if (existing !== undefined) throw inTheWay(parent, tree, path);
      const common = { mode: 0o755, uid: 0, gid: 0, mtime, xattrs: [] };
      entries.set(parent, { type: 'directory', path: parent, ...common });
    }
  }
}

function inTheWay(
  path: ByteString,
  tree: ReadonlyMap<ByteString, Owned>,
  below?: ByteString,
): MkbaseError {
  const shown = (each: ByteString) => `/${fromByteString(each)}`;
  const owner = (each: ByteString) => tree.get(each)?.owner.locked.name ?? 'mkbase';
  const found = tree.get(path)?.entry.type ?? 'link';
  return new MkbaseError({
    code: 'PACKAGE_CONFLICT',
    message:
      below === undefined
        ? `${owner(path)} ships ${shown(path)} as a ${found}, where a link into /usr belongs.`
        : `${owner(below)} ships ${shown(below)}, but ${shown(path)} is a ${found} of ${owner(path)}.`,
    hint: 'Leave one of the packages out with "exclude".',
  });
}
