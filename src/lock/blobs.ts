import { posix } from 'node:path';
import type { Lock } from './locked.ts';

/** A locked input: its bytes' hash, and what people call it. */
export interface LockedBlob {
  readonly sha256: string;
  readonly name: string;
}

const named = ({ filename, sha256 }: { readonly filename: string; readonly sha256: string }) => ({
  sha256,
  name: posix.basename(filename),
});

/** Every input that a lock pins by its bytes, the builder's included; each hash once. */
export function lockedBlobs(lock: Lock): LockedBlob[] {
  const { debs, toolchain, archive, rootfs, apks, files = [] } = lock;
  const all = [
    ...[...(debs?.packages ?? []), ...(toolchain?.debs.packages ?? [])].map(named),
    ...[...(apks?.packages ?? []), ...(apks?.tools ?? [])].map(named),
    ...[archive, rootfs].flatMap((each) =>
      each ? [{ sha256: each.sha256, name: each.name }] : [],
    ),
    ...files.map(({ sha256, url }) => ({ sha256, name: posix.basename(new URL(url).pathname) })),
  ];
  return [...new Map(all.map((blob) => [blob.sha256, blob])).values()];
}

/** The signed indexes that a lock's packages were chosen from. */
export function lockedIndexes({ debs, toolchain, archive, apks }: Lock): LockedBlob[] {
  const indexes = [
    ...(debs?.indexes ?? []),
    ...(toolchain?.debs.indexes ?? []),
    ...(archive?.trust.by === 'index' ? [archive.trust.index] : []),
  ];
  const signed = indexes.map(({ inRelease, suite }) => ({
    sha256: inRelease,
    name: `${suite.replaceAll('/', '-')}.InRelease`,
  }));
  const alpine = (apks?.indexes ?? []).map(({ sha256, repository }) => ({
    sha256,
    name: `${repository.replaceAll('/', '-')}.APKINDEX.tar.gz`,
  }));
  return [...new Map([...signed, ...alpine].map((blob) => [blob.sha256, blob])).values()];
}
