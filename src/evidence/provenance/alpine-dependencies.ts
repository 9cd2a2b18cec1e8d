import type { LockedApk, LockedApkIndex, LockedApks } from '../../packages/apk/locked.ts';
import type { Distro } from '../../packages/distro.ts';
import { packagePurl } from '../../packages/package-record.ts';
import type { Dependency, Role } from './dependency.ts';
import { unlisted } from './unlisted.ts';

const indexUrl = ({ mirror, repository }: LockedApkIndex, arch: string) =>
  `${mirror}/${repository}/${arch}/APKINDEX.tar.gz`;

const apkIndex = (index: LockedApkIndex, arch: string): Dependency => ({
  name: `APKINDEX of ${index.repository}`,
  uri: indexUrl(index, arch),
  digest: { sha256: index.sha256 },
  annotations: {
    role: 'index',
    trust: { by: 'signature', signedBy: [index.signedBy] },
    signature: index.signature,
  },
});

/** The same purl as in the bills of materials, where the lock knows the release. */
function purlOf({ name, version, arch, origin }: LockedApk, distro: Distro): string {
  const source = { name: origin, version };
  return packagePurl({ kind: 'apk', name, version, architecture: arch, source }, distro);
}

/**
 * The indexes of Alpine's packages, the packages, and those that only run apk; in the lock's order.
 * `release` is that of the root filesystem that they are added to, for instance `3.20.3`. Throws
 * LOCK_INVALID.
 */
export function apkDependencies(locked: LockedApks, release: string | undefined): Dependency[] {
  const { arch, indexes, packages, tools = [] } = locked;
  const distro = { id: 'alpine', release: release === undefined ? '' : `alpine-${release}` };
  const indexOf = new Map(indexes.map((index) => [index.repository, index]));
  const describeApk = (apk: LockedApk, role: Role): Dependency => {
    const { name, repository, filename, sha256, origin } = apk;
    const index = indexOf.get(repository);
    if (index === undefined) throw unlisted(name, repository);
    return {
      name,
      uri: purlOf(apk, distro),
      digest: { sha256 },
      downloadLocation: `${index.mirror}/${filename}`,
      annotations: {
        role,
        trust: { by: 'index', index: indexUrl(index, arch), sha256: index.sha256 },
        source: origin,
      },
    };
  };
  return [
    ...indexes.map((index) => apkIndex(index, arch)),
    ...packages.map((apk) => describeApk(apk, 'package')),
    ...tools.map((apk) => describeApk(apk, 'package-tool')),
  ];
}
