import { writeDesc } from './desc.ts';
import type { LockedAlpm } from './locked-alpm.ts';
import type { PackageInfo } from './package-info.ts';

/** Fields of a database and the keys of .PKGINFO that they are made of, in repo-add's order. */
const stated = [
  ['GROUPS', 'group'],
  ['LICENSE', 'license'],
  ['REPLACES', 'replaces'],
  ['CONFLICTS', 'conflict'],
  ['PROVIDES', 'provides'],
  ['DEPENDS', 'depend'],
  ['OPTDEPENDS', 'optdepend'],
] as const;

/** Returns the name of a locked package's file. */
export const fileOf = ({ filename }: Pick<LockedAlpm, 'filename'>): string =>
  filename.slice(filename.lastIndexOf('/') + 1);

/**
 * Returns the `desc` of a locked package for a database that pacman installs from: by its own .PKGINFO,
 * which the packager has signed, and the lock's hash; nothing of the database that proposed it.
 */
export function descOf(locked: LockedAlpm, info: PackageInfo): string {
  const { name, version, base, arch, size, sha256, built } = locked;
  return writeDesc([
    ['FILENAME', [fileOf(locked)]],
    ['NAME', [name]],
    ['BASE', [base]],
    ['VERSION', [version]],
    ['DESC', info.get('pkgdesc') ?? []],
    ['CSIZE', [String(size)]],
    ['ISIZE', info.get('size') ?? []],
    ['SHA256SUM', [sha256]],
    ['ARCH', [arch]],
    ['BUILDDATE', [String(built)]],
    ...stated.map(([field, key]) => [field, info.get(key) ?? []] as const),
  ]);
}
