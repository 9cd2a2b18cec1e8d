import type { LockedInput, SignedIndex } from '../../packages/contract.ts';
import { unknownLicence } from '../../packages/licences/licence.ts';
import { purl } from '../../packages/purl.ts';
import { nameAndVersion } from '../archive-name.ts';
import type { Component } from '../component.ts';
import { detachedSignature } from '../detached-signature.ts';
import type { LockedRootfs } from './locked-rootfs.ts';

/** Describes a published archive as an input of the lock. */
export function archiveInput({
  name,
  url,
  sha256,
  sha512,
  release,
  trust,
}: LockedRootfs): LockedInput {
  return {
    ...{ role: 'rootfs', name, uri: url, url, file: name, sha256, sha512 },
    comparedAs: { name: 'rootfs', version: name },
    trust: trust.by === 'signature' ? { by: trust.by, signedBy: trust.signedBy } : trust,
    ...(release && { dated: { part: 'root filesystem', date: release.date } }),
  };
}

/** Describes the detached signature of a published archive, where it has one. */
export const archiveSignature = ({ name, trust }: LockedRootfs): SignedIndex[] =>
  trust.by === 'signature' ? [detachedSignature(name, trust)] : [];

/** Returns a published root filesystem as a component. */
export function rootfsArchiveComponent(archive: LockedRootfs): Component {
  const { release, sha256, url } = archive;
  const name = release ? `${release.distro}-minirootfs` : nameAndVersion(archive.name).name;
  const version = release?.version ?? nameAndVersion(archive.name).version;
  const qualifiers = {
    arch: release?.arch,
    checksum: `sha256:${sha256}`,
    download_url: release ? undefined : url,
  };
  const id = purl({ type: 'generic', name, version, qualifiers });
  return {
    id,
    kind: 'rootfs-archive',
    name,
    ...(version !== undefined && { version }),
    ...(release && { architecture: release.arch }),
    licence: unknownLicence('a published archive; its packages state their own'),
    purl: id,
    sha256,
    inputs: [],
    linked: [],
  };
}
