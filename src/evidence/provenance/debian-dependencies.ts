import type { LockedDebs, LockedIndex, LockedPackage } from '../../packages/deb/locked.ts';
import { type Distro, distroOfDebs } from '../../packages/distro.ts';
import { packagePurl } from '../../packages/package-record.ts';
import type { Dependency, Role, Trust } from './dependency.ts';
import { unlisted } from './unlisted.ts';

const inReleaseUrl = ({ mirror, suite }: LockedIndex) => `${mirror}/dists/${suite}/InRelease`;

/** Why a package, or a source archive, of a suite is believed. */
export const listedIn = (index: LockedIndex): Trust => ({
  by: 'index',
  index: inReleaseUrl(index),
  sha256: index.inRelease,
});

/** A suite's signed table of contents. */
export const debianIndex = (index: LockedIndex): Dependency => ({
  name: `InRelease of ${index.suite}`,
  uri: inReleaseUrl(index),
  digest: { sha256: index.inRelease },
  annotations: { role: 'index', trust: { by: 'signature', signedBy: index.signedBy } },
});

/** The same purl as in the bills of materials. */
function purlOf(deb: LockedPackage, distro: Distro): string {
  const source = { name: deb.source, version: deb.sourceVersion };
  return packagePurl({ kind: 'deb', ...deb, source }, distro);
}

/** The indexes of a set of packages, then the packages, each in the lock's order. Throws LOCK_INVALID. */
export function debDependencies(locked: LockedDebs, role: Role): Dependency[] {
  const { indexes, packages } = locked;
  const distro = distroOfDebs(locked);
  const indexOf = new Map(indexes.map((index) => [index.suite, index]));
  const debs = packages.map((deb): Dependency => {
    const { name, source, sourceVersion, suite, filename, sha256 } = deb;
    const index = indexOf.get(suite);
    if (index === undefined) throw unlisted(name, suite);
    return {
      name,
      uri: purlOf(deb, distro),
      digest: { sha256 },
      downloadLocation: `${index.mirror}/${filename}`,
      annotations: { role, trust: listedIn(index), source, sourceVersion },
    };
  });
  return [...indexes.map(debianIndex), ...debs];
}
