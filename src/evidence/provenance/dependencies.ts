import type { LockedRootfs } from '../../kinds/minirootfs/locked.ts';
import type { LockedArchive } from '../../kinds/static/locked-archive.ts';
import type { Lock, LockedFile } from '../../lock/locked.ts';
import { nameOf } from '../../store/show-url.ts';
import { apkDependencies } from './alpine-dependencies.ts';
import { debDependencies, debianIndex, listedIn } from './debian-dependencies.ts';
import type { Dependency } from './dependency.ts';

interface SignedBy {
  readonly by: 'signature';
  readonly url: string;
  readonly sha256: string;
  readonly signedBy: readonly string[];
}

/** The detached signature over something, which is an input as well. */
const signatureOver = (name: string, { url, sha256, signedBy }: SignedBy): Dependency => ({
  name: `signature of ${name}`,
  uri: url,
  digest: { sha256 },
  annotations: { role: 'signature', trust: { by: 'key', signedBy } },
});

function archiveDependencies({ name, url, sha256, trust }: LockedArchive): Dependency[] {
  const archive = (why: Dependency['annotations']['trust']): Dependency => ({
    name,
    uri: url,
    digest: { sha256 },
    annotations: { role: 'archive', trust: why },
  });
  switch (trust.by) {
    case 'recipe':
      return [archive(trust)];
    case 'index':
      return [debianIndex(trust.index), archive(listedIn(trust.index))];
    case 'signature':
      return [archive({ by: 'signature', signedBy: trust.signedBy }), signatureOver(name, trust)];
  }
}

function rootfsDependencies({ name, url, sha256, sha512, trust }: LockedRootfs): Dependency[] {
  const signed = trust.by === 'signature';
  const archive: Dependency = {
    name,
    uri: url,
    digest: { sha256, sha512 },
    annotations: {
      role: 'rootfs',
      trust: signed ? { by: 'signature', signedBy: trust.signedBy } : trust,
    },
  };
  return signed ? [archive, signatureOver(name, trust)] : [archive];
}

const fileDependency = ({ url, sha256 }: LockedFile): Dependency => ({
  name: nameOf(url),
  uri: url,
  digest: { sha256 },
  annotations: { role: 'file', trust: { by: 'recipe' } },
});

/**
 * Every outside input of a build, the toolchain's included, with its digest and why it is believed, in
 * the lock's order. Throws LOCK_INVALID for a package that hangs on no index.
 */
export function dependenciesOf(lock: Lock): Dependency[] {
  const { debs, archive, rootfs, apks, files = [], toolchain } = lock;
  return [
    ...(debs ? debDependencies(debs, 'package') : []),
    ...(archive ? archiveDependencies(archive) : []),
    ...(rootfs ? rootfsDependencies(rootfs) : []),
    ...(apks ? apkDependencies(apks, rootfs?.release?.version) : []),
    ...files.map(fileDependency),
    ...(toolchain ? debDependencies(toolchain.debs, 'toolchain') : []),
  ];
}
