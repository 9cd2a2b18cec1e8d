import type { Io } from '../../base/events.ts';
import type { InstalledPackage, LicenceOf } from '../../packages/contract.ts';
import { families } from '../../packages/registry.ts';
import type { RootfsView } from '../../rootfs/view.ts';

/** The packages that databases in a rootfs list. */
export interface ListedPackages {
  readonly packages: readonly InstalledPackage[];
  /** Names of the families that have a database there. */
  readonly families: ReadonlySet<string>;
}

/** Reads the database of every family in a rootfs. Throws SyntaxError for one that cannot be read. */
export async function listedPackages(view: RootfsView): Promise<ListedPackages> {
  const packages: InstalledPackage[] = [];
  const found = new Set<string>();
  for (const { name, database } of families) {
    const installed = await database(view);
    if (installed === undefined) continue;
    found.add(name);
    packages.push(...installed);
  }
  return { packages, families: found };
}

/** Returns what finds a package's licence: in the locked files, else by its family's own way. */
export function licenceFinder(
  inLockedFiles: ReadonlyMap<string, LicenceOf>,
  view: RootfsView,
  io: Io,
): LicenceOf {
  const finders = new Map(
    families.map(({ name, licences }) => [name, inLockedFiles.get(name) ?? licences(view, io)]),
  );
  return (record) => {
    const find = finders.get(record.kind);
    if (find === undefined) throw new Error(`there is no family ${record.kind}`);
    return find(record);
  };
}
