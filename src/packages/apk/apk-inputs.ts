import { posix } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { InputRole, LockedInput, SignedIndex } from '../contract.ts';
import type { Distro } from '../distro.ts';
import { below } from '../mirror-url.ts';
import { packagePurl } from '../purl.ts';
import { mergeUpdated, withTheirIndexes } from '../update.ts';
import { indexOfApk, type LockedApk, type LockedApkIndex, type LockedApks } from './locked-apks.ts';

/** The name of the family, and the type of its package URLs. */
export const family = 'apk';

/** Returns the distribution of packages for a release, for instance `3.20.3`, where it is known. */
export const alpineDistro = (release?: string): Distro => ({
  id: 'alpine',
  release: release === undefined ? '' : `alpine-${release}`,
});

const indexUrl = ({ mirror, repository }: LockedApkIndex, arch: string) =>
  `${mirror}/${repository}/${arch}/APKINDEX.tar.gz`;

/** Describes the signed indexes that locked packages were chosen from. */
export const apkIndexes = ({ arch, indexes }: LockedApks): SignedIndex[] =>
  indexes.map((index) => ({
    role: 'index',
    name: `APKINDEX of ${index.repository}`,
    file: `${index.repository.replaceAll('/', '-')}.APKINDEX.tar.gz`,
    url: indexUrl(index, arch),
    sha256: index.sha256,
    signedBy: [index.signedBy],
    signature: index.signature,
    dated: { part: 'apk packages', date: index.date },
  }));

/** Describes locked packages, and those that only run apk, in the lock's order. */
export function apkInputs(locked: LockedApks, distro: Distro): LockedInput[] {
  const { arch, indexes, packages, tools = [] } = locked;
  const describe = (apk: LockedApk, role: InputRole): LockedInput => {
    const { name, version, filename, sha256, origin } = apk;
    const index = indexOfApk(apk, indexes);
    if (index === undefined) throw new Error(`${name} is of no index of its lock`);
    const architecture = apk.arch;
    const source = { name: origin, version };
    return {
      ...{ role, family, name, version, architecture },
      source: { name: origin },
      uri: packagePurl({ kind: family, name, version, architecture, source }, distro),
      url: below(index.mirror, filename),
      file: posix.basename(filename),
      sha256,
      trust: { by: 'index', index: indexUrl(index, arch), sha256: index.sha256 },
    };
  };
  return [
    ...packages.map((apk) => describe(apk, 'package')),
    ...tools.map((apk) => describe(apk, 'package-tool')),
  ];
}

/**
 * Returns newer locked packages in which only those built from the sources of these names are newer.
 * Throws LOCK_STALE where the others come from a repository that the newer lock has left, for instance
 * because `latest-stable` is another branch by now: packages of two branches do not fit each other.
 */
export function updateApks(
  before: LockedApks,
  after: LockedApks,
  sources: ReadonlySet<string>,
): LockedApks {
  const isUpdated = ({ origin }: LockedApk) => sources.has(origin);
  const packages = mergeUpdated(before.packages, after.packages, isUpdated);
  const repositories = after.indexes.map(({ repository }) => repository);
  const left = packages.find(({ repository }) => !repositories.includes(repository));
  if (left !== undefined) {
    throw new MkbaseError({
      code: 'LOCK_STALE',
      message: `${left.name} is locked from ${left.repository}, and the packages are now of ${repositories.join(', ')}: --only cannot mix the two.`,
      hint: 'Leave --only out, which updates all packages.',
    });
  }
  const ways = { hash: ({ sha256 }: LockedApkIndex) => sha256, of: indexOfApk };
  return {
    ...after,
    ...withTheirIndexes<LockedApk, LockedApkIndex>(packages, before, after, ways),
  };
}
