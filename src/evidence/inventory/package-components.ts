import type { Component, LinkedPart } from '../../kinds/component.ts';
import type { Lock } from '../../lock/locked.ts';
import { apkLicence } from '../../packages/apk/licence.ts';
import type { LicenceOf } from '../../packages/deb/installed/copyrights.ts';
import type { Distro } from '../../packages/distro.ts';
import { type PackageRecord, packagePurl } from '../../packages/package-record.ts';

/** A package and what else is known of it. */
export interface KnownPackage {
  readonly record: PackageRecord;
  /** Of the file that it came in; undefined when the lock has no such package. */
  readonly sha256: string | undefined;
  readonly linked?: readonly LinkedPart[];
}

/** sha256 of the locked file that a package came in: the one of its very name, version and architecture. */
export function lockedSha256(lock: Lock, record: PackageRecord): string | undefined {
  const { kind, name, version, architecture } = record;
  const same = (each: { readonly name: string; readonly version: string }, arch: string) =>
    each.name === name && each.version === version && arch === architecture;
  if (kind === 'deb') {
    return lock.debs?.packages.find((each) => same(each, each.architecture))?.sha256;
  }
  // A package that fits any architecture is recorded under the one that it was installed for.
  return lock.apks?.packages.find(
    (each) => same(each, each.arch) || (each.arch === 'noarch' && same(each, architecture)),
  )?.sha256;
}

/** A package as a component. */
export async function packageComponent(
  { record, sha256, linked = [] }: KnownPackage,
  distro: Distro,
  licenceOf: LicenceOf,
): Promise<Component> {
  const { kind, name, version, architecture, source, maintainer, homepage } = record;
  const id = packagePurl(record, distro);
  return {
    id,
    kind,
    name,
    version,
    architecture,
    source,
    ...(maintainer !== undefined && { maintainer }),
    ...(homepage !== undefined && { homepage }),
    licence: kind === 'apk' ? await apkLicence(record.licence) : await licenceOf(name),
    purl: id,
    ...(sha256 !== undefined && { sha256 }),
    inputs: [],
    linked,
  };
}
