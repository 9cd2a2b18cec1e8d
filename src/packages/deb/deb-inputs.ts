import { posix } from 'node:path';
import type { LockedInput, SignedIndex, Trust, Vendor } from '../contract.ts';
import type { Distro } from '../distro.ts';
import { below } from '../mirror-url.ts';
import { packagePurl } from '../purl.ts';
import { mergeUpdated, withTheirIndexes } from '../update.ts';
import { partyOf, suiteIn } from './archive/extra-source.ts';
import { releases } from './archive/releases.ts';
import {
  indexOfDeb,
  type LockedDebs,
  type LockedIndex,
  type LockedPackage,
} from './locked-debs.ts';

/** The name of the family, and the type of its package URLs. */
export const family = 'deb';

const distributionNames = ['debian', 'ubuntu'] as const;

/** Returns the distribution of a locked set, by the suite of its first index. */
export function distroOfDebs({ indexes }: LockedDebs): Distro {
  const suite = indexes[0]?.suite ?? '';
  for (const id of distributionNames) {
    const found = releases[id].find((each) => each.suite === suite);
    if (found !== undefined) return { id, release: `${id}-${found.version.replace(' LTS', '')}` };
  }
  return { id: 'debian', release: suite };
}

const inReleaseUrl = ({ mirror, suite }: LockedIndex) =>
  `${mirror}/dists/${suiteIn(suite)}/InRelease`;

/** Returns the reason to trust a file that a suite's index lists. */
export const listedIn = (index: LockedIndex): Trust => ({
  by: 'index',
  index: inReleaseUrl(index),
  sha256: index.inRelease,
});

/** Describes the signed table of contents of a suite; `part` is what it dates. */
export const suiteIndex = (index: LockedIndex, part: string): SignedIndex => ({
  role: 'index',
  name: `InRelease of ${index.suite}`,
  file: `${index.suite.replaceAll(/[/:]/g, '-')}.InRelease`,
  url: inReleaseUrl(index),
  sha256: index.inRelease,
  signedBy: index.signedBy,
  dated: { part, date: index.date },
});

/** Describes the signed indexes of locked packages. */
export const debIndexes = ({ indexes }: LockedDebs): SignedIndex[] =>
  indexes.map((index) => suiteIndex(index, 'packages'));

/** Returns the date of the base suite's index: it moves with releases, not with every security update. */
export const dateOf = ({ indexes }: LockedDebs): number | undefined => indexes[0]?.date;

/** Returns the third party that an index is of; undefined for one of the distribution's own. */
function vendorOf({ suite, mirror }: LockedIndex): Vendor | undefined {
  const name = partyOf(suite);
  return name === undefined ? undefined : { name, repository: mirror };
}

function debInput(deb: LockedPackage, index: LockedIndex | undefined, distro: Distro): LockedInput {
  const { name, version, architecture, filename, sha256 } = deb;
  if (index === undefined) throw new Error(`${name} is of no index of its lock`);
  const source = { name: deb.source, version: deb.sourceVersion };
  const record = { kind: family, name, version, architecture, source };
  const vendor = vendorOf(index);
  return {
    ...{ role: 'package', family, name, version, architecture, source },
    ...(vendor && { vendor }),
    uri: packagePurl(record, distro, vendor),
    url: below(index.mirror, filename),
    file: posix.basename(filename),
    sha256,
    trust: listedIn(index),
  };
}

/** Describes locked packages, in the lock's order. */
export function debInputs(locked: LockedDebs): LockedInput[] {
  const distro = distroOfDebs(locked);
  return locked.packages.map((deb) => debInput(deb, indexOfDeb(deb, locked.indexes), distro));
}

/**
 * Returns newer locked packages in which only those built from the sources of these names are newer; the
 * others hang on the indexes that they were chosen from.
 */
export function updateDebs(
  before: LockedDebs,
  after: LockedDebs,
  sources: ReadonlySet<string>,
): LockedDebs {
  const isUpdated = ({ source }: LockedPackage) => sources.has(source);
  const merged = mergeUpdated(before.packages, after.packages, isUpdated);
  const ways = { hash: ({ inRelease }: LockedIndex) => inRelease, of: indexOfDeb };
  return { ...after, ...withTheirIndexes<LockedPackage, LockedIndex>(merged, before, after, ways) };
}
