import type { ByteString } from '../base/byte-string.ts';
import { lockChanges } from '../lock/changes.ts';
import { readApkDatabase } from '../packages/apk/database.ts';
import { parseParagraphs } from '../packages/deb/index/paragraph.ts';
import { debRecord, readDpkgDatabase } from '../packages/deb/installed/dpkg-database.ts';
import { type RootfsView, rootfsView } from '../rootfs/view.ts';
import type { Side } from './side.ts';

/** A package or other input that differs; undefined on the side that does not have it. */
export interface PackageChange {
  /** `image`, or the builder that it is a part of. */
  readonly set: string;
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The packages of a rootfs, read from the databases in it. */
export interface Installed {
  /** Name → version. */
  readonly versions: ReadonlyMap<string, string>;
  /** Path → name of the package that it belongs to. */
  readonly owners: ReadonlyMap<ByteString, string>;
}

const recordsFolder = 'var/lib/dpkg/status.d/';

/** Adds packages that were unpacked without dpkg, from a record of each and the checksums of its files. */
async function unpackedPackages(
  view: RootfsView,
  found: { versions: Map<string, string>; owners: Map<ByteString, string> },
) {
  for (const { path } of view.entries) {
    if (!path.startsWith(recordsFolder)) continue;
    const name = path.slice(recordsFolder.length).replace(/\.md5sums$/, '');
    if (path.endsWith('.md5sums')) {
      const sums = (await view.readBytes(path)) ?? '';
      for (const [, file = ''] of sums.matchAll(/^[0-9a-f]{32} {2}(.+)$/gm))
        found.owners.set(view.resolve(file), name);
      continue;
    }
    for (const fields of parseParagraphs((await view.readText(path)) ?? '')) {
      const record = debRecord(fields);
      if (record) found.versions.set(record.name, record.version);
    }
  }
}

/** Reads the packages of a rootfs and the paths that they own; none without a database. */
export async function installedIn({ entries = [] }: Side): Promise<Installed> {
  const view = rootfsView(entries);
  const found = { versions: new Map<string, string>(), owners: new Map<ByteString, string>() };
  try {
    const databases = [await readDpkgDatabase(view), await readApkDatabase(view)];
    for (const { record, claims } of databases.flatMap((each) => each ?? [])) {
      found.versions.set(record.name, record.version);
      for (const { path } of claims(record.name)) found.owners.set(view.resolve(path), record.name);
    }
    await unpackedPackages(view, found);
  } catch (error) {
    // A database that cannot be parsed explains nothing; the files are compared all the same.
    if (!(error instanceof SyntaxError)) throw error;
  }
  return found;
}

function databaseChanges(before: Installed, after: Installed): PackageChange[] {
  const names = [...new Set([...before.versions.keys(), ...after.versions.keys()])].sort();
  return names
    .map((name) => ({
      set: 'image',
      name,
      before: before.versions.get(name),
      after: after.versions.get(name),
    }))
    .filter((change) => change.before !== change.after);
}

/** Compares the packages of the locks, or of the databases in the images if a side has no lock. */
export const packageChanges = (
  [one, other]: readonly [Side, Side],
  [before, after]: readonly [Installed, Installed],
): PackageChange[] =>
  one.lock && other.lock ? lockChanges(one.lock, other.lock) : databaseChanges(before, after);
