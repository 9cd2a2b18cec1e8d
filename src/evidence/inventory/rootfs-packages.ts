import type { Io } from '../../base/events.ts';
import type { KnownPackage } from '../../kinds/component.ts';
import { imageSet } from '../../lock/inputs.ts';
import type { Lock } from '../../lock/schema.ts';
import type { Claim } from '../../packages/claim.ts';
import type { InstalledPackage, LicenceOf } from '../../packages/contract.ts';
import type { Distro } from '../../packages/distro.ts';
import { families } from '../../packages/registry.ts';
import type { RootfsView } from '../../rootfs/view.ts';

/** The packages that databases in a rootfs list. */
export interface ListedPackages {
  readonly packages: readonly InstalledPackage[];
  /** Names of the families that have a database there. */
  readonly families: ReadonlySet<string>;
}

/** The packages of a rootfs without any database. */
export const noListedPackages: ListedPackages = { packages: [], families: new Set() };

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

/** An installed package with its package URL and its claims. */
interface IdentifiedPackage extends KnownPackage {
  readonly claims: readonly Claim[];
}

/** Stands for the distribution of a rootfs that names none. */
const noDistro: Distro = { id: 'unknown', release: '' };

/** Identifies installed packages by their package URLs, and by the locked files that they come from. */
export function identifiedPackages(
  packages: readonly InstalledPackage[],
  lock: Lock,
  distro: Distro | undefined,
): IdentifiedPackage[] {
  const { inputs } = imageSet(lock);
  return packages.map(({ record, claims }) => {
    const family = families.find(({ name }) => name === record.kind);
    if (family === undefined) throw new Error(`there is no family ${record.kind}`);
    const locked = inputs.find(
      (input) =>
        input.family === family.name && input.role === 'package' && family.isFileOf(input, record),
    );
    const purl = family.purl(record, distro ?? noDistro, locked?.vendor);
    return { purl, record, locked, claims: claims(purl) };
  });
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
