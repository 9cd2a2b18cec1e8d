import { join } from 'node:path';
import type { ByteString } from '../../base/byte-string.ts';
import type { Io } from '../../base/events.ts';
import type { Store } from '../../store/store.ts';
import type { Entry } from '../../tar/entry.ts';
import { spoolTar } from '../../tar/read.ts';
import { fileOf } from './local-repository.ts';
import type { LockedAlpm } from './locked-alpm.ts';
import { isMeta } from './mtree.ts';
import { openArchive } from './open-archive.ts';

const maxBytes = 8 * 1024 ** 3;
const maxEntries = 1_000_000;

/** The places that a package is unpacked from and to, and the paths that are wanted of it. */
export interface UnpackPlace {
  readonly store: Store;
  readonly workFolder: string;
  readonly wanted: (path: ByteString) => boolean;
}

/**
 * Returns the wanted entries of a locked package, which must be in the store; contents stay in a file of
 * `workFolder`. Errors: SOURCE_CORRUPT, ARCHIVE_REFUSED, NO_SPACE, IO.
 */
export async function unpackAlpm(
  each: LockedAlpm,
  { store, workFolder, wanted }: UnpackPlace,
  { signal }: Io,
): Promise<Entry[]> {
  const what = fileOf(each);
  const tar = openArchive(store.read(each.sha256), { maxBytes, what, signal });
  const limits = { maxBytes, maxEntries };
  const file = join(workFolder, `${each.name}.tar`);
  const entries = await spoolTar(tar, file, { source: what, limits });
  return entries.filter(({ path }) => !isMeta(path) && wanted(path));
}
