import { join } from 'node:path';
import { type ByteString, fromByteString } from '../../base/byte-string.ts';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import type { Store } from '../../store/store.ts';
import { decompress } from '../../tar/decompress.ts';
import type { Entry } from '../../tar/entry.ts';
import { spoolTar } from '../../tar/read.ts';
import type { LockedApk } from './locked-apks.ts';

const maxBytes = 512 * 1024 * 1024;
const maxEntries = 100_000;

/** Tells control files, which have no folder, from the rest: all members of a package are one archive. */
const isControl = ({ path }: Entry): boolean => path.startsWith('.') && !path.includes('/');

/** The places that packages are unpacked from and to, and the paths that are wanted of them: all when left out. */
export interface UnpackPlace {
  readonly store: Store;
  readonly workFolder: string;
  readonly wanted?: (path: ByteString) => boolean;
}

/**
 * Unpacks locked packages, which must be in the store, into the entries of one tree whose programs can
 * run: no package script is run, and no database lists the packages. Contents stay in files of
 * `workFolder`. Errors: SOURCE_CORRUPT, ARCHIVE_REFUSED, PACKAGE_CONFLICT, NO_SPACE, IO.
 */
export async function unpackApks(
  packages: readonly LockedApk[],
  { store, workFolder, wanted = () => true }: UnpackPlace,
  { signal }: Io,
): Promise<Entry[]> {
  const tree = new Map<ByteString, Entry>();
  for (const { name, filename, sha256 } of packages) {
    const what = filename.slice(filename.lastIndexOf('/') + 1);
    const limits = { maxBytes, maxEntries };
    const tar = decompress(store.read(sha256), 'gz', { maxBytes, what, signal });
    const file = join(workFolder, `${name}.tar`);
    for (const entry of await spoolTar(tar, file, { source: what, limits })) {
      if (!isControl(entry) && wanted(entry.path)) place(entry, tree, what);
    }
  }
  return [...tree.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function place(entry: Entry, tree: Map<ByteString, Entry>, what: string): void {
  const existing = tree.get(entry.path);
  if (existing === undefined) tree.set(entry.path, entry);
  else if (existing.type !== 'directory' || entry.type !== 'directory') {
    throw new MkbaseError({
      code: 'PACKAGE_CONFLICT',
      message: `/${fromByteString(entry.path)} is in two packages that apk itself needs; one is ${what}.`,
      hint: 'The repository is at fault: report it, or use another branch.',
    });
  }
}
