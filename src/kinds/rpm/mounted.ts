import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError, MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { LockedRpm, LockedRpms } from '../../packages/rpm/locked-rpms.ts';
import { openRpm } from '../../packages/rpm/package/open-rpm.ts';
import { filesOf } from '../../packages/rpm/payload/files.ts';
import { type UnpackedFile, unpackRpm } from '../../packages/rpm/payload/unpack-rpm.ts';
import type { StepContext } from '../../steps/builder.ts';
import { isMounted, madeFolders } from '../../steps/mounted-paths.ts';
import type { Store } from '../../store/store.ts';
import type { Entry } from '../../tar/entry.ts';

/** More than any package has in all. */
const maxBytes = 8 * 1024 ** 3;

type Wanted = (path: string) => boolean;

/** The paths that are wanted of packages, and the place to unpack these. */
interface Unpacking {
  readonly store: Store;
  readonly folder: string;
  readonly wanted: Wanted;
}

const whatIs = ({ name, version }: LockedRpm): string => `${name}-${version}`;

/** Refuses a file that is not root's: the paths that an engine mounts are. */
function entryOf({ entry, user, group }: UnpackedFile, what: string): Entry {
  if (user === 'root' && group === 'root') return entry;
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `${what} gives /${entry.path}, which an engine mounts, to ${user}:${group}. Expected root:root.`,
    hint: 'Leave the package out, and report it to its maker.',
  });
}

/** Returns the wanted entries of a package, which must be in the store; only one that has some is unpacked. */
async function broughtBy(
  each: LockedRpm,
  { store, folder, wanted }: Unpacking,
  { signal }: Io,
): Promise<Entry[]> {
  const what = whatIs(each);
  const opened = await openRpm(store.read(each.sha256), what);
  try {
    if (!filesOf(opened.header).files.some(({ path }) => wanted(path))) return [];
    const file = join(folder, each.sha256);
    const { files } = await unpackRpm(opened, file, { what, maxBytes, signal });
    return files.filter(({ entry }) => wanted(entry.path)).map((found) => entryOf(found, what));
  } finally {
    await opened.rest.close();
  }
}

/**
 * Returns the tree of a step with what packages bring at the paths that an engine mounts, which rpm is told to
 * leave out. Errors: SOURCE_CORRUPT, ARCHIVE_REFUSED, BUILD_OUTPUT, NO_SPACE, IO.
 */
export async function withMounted(
  tree: readonly Entry[],
  { packages }: LockedRpms,
  epoch: number,
  { store, folder }: StepContext,
  io: Io,
): Promise<Entry[]> {
  const there = new Set<string>(tree.map(({ path }) => path));
  const wanted = (path: string) =>
    isMounted(path) || (madeFolders.includes(path) && !there.has(path));
  const unpacking = { store, wanted, folder: join(folder, 'rpm-mounted') };
  await mkdir(unpacking.folder).catch((error: unknown) => {
    throw ioError(error, 'making', unpacking.folder);
  });
  const brought = new Map<string, Entry>();
  for (const each of packages) {
    for (const entry of await broughtBy(each, unpacking, io)) {
      if (!brought.has(entry.path)) brought.set(entry.path, entry);
    }
  }
  const dated = [...brought.values()].map((entry) =>
    entry.type === 'directory' ? { ...entry, mtime: epoch } : entry,
  );
  return [...tree.filter(({ path }) => !brought.has(path)), ...dated];
}
