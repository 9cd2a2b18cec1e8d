import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { LockedRpm, LockedRpms } from '../../packages/rpm/locked-rpms.ts';
import { openRpm } from '../../packages/rpm/package/open-rpm.ts';
import { refusedRpm } from '../../packages/rpm/package/refusal.ts';
import { filesOf } from '../../packages/rpm/payload/files.ts';
import { type UnpackedFile, unpackRpm } from '../../packages/rpm/payload/unpack-rpm.ts';
import type { StepContext } from '../../steps/builder.ts';
import { withLeftOut } from '../../steps/left-out.ts';
import type { Store } from '../../store/store.ts';
import type { Entry } from '../../tar/entry.ts';

/** More than any package has in all. */
const maxBytes = 8 * 1024 ** 3;

/** The paths that are wanted of packages, and the place to unpack these. */
interface Unpacking {
  readonly store: Store;
  readonly folder: string;
  readonly wanted: (path: string) => boolean;
}

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
  { name, version, sha256 }: LockedRpm,
  { store, folder, wanted }: Unpacking,
  { signal }: Io,
): Promise<Entry[]> {
  const what = `${name}-${version}`;
  const opened = await openRpm(store.read(sha256), what);
  try {
    if (!filesOf(opened.header).files.some(({ path }) => wanted(path))) return [];
    const { files } = await unpackRpm(opened, join(folder, sha256), { what, maxBytes, signal });
    return files.filter(({ entry }) => wanted(entry.path)).map((found) => entryOf(found, what));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refusedRpm(what, error.message);
  } finally {
    await opened.rest.close();
  }
}

/**
 * Returns the tree of a step with what packages bring at the paths that an engine mounts, which rpm is told to
 * leave out. Errors: SOURCE_CORRUPT, ARCHIVE_REFUSED, BUILD_OUTPUT, NO_SPACE, IO.
 */
export const withMounted = (
  tree: readonly Entry[],
  { packages }: LockedRpms,
  epoch: number,
  { store, folder }: StepContext,
  io: Io,
): Promise<Entry[]> =>
  withLeftOut(tree, {
    ...{ packages, folder, kind: 'rpm', epoch },
    brings: (each, wanted, own) => broughtBy(each, { store, folder: own, wanted }, io),
  });
