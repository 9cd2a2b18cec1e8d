import type { LicenceOf, PackageRecord } from '../packages/contract.ts';
import type { Component, LinkedPart } from './component.ts';

/** A package and what else is known of it. */
export interface KnownPackage {
  readonly record: PackageRecord;
  /** Package URL, which is its id. */
  readonly purl: string;
  /** Of the file that it came in; undefined when the lock has no such package. */
  readonly sha256: string | undefined;
  readonly linked?: readonly LinkedPart[];
}

/** Returns a package as a component. */
export async function packageComponent(
  { record, purl, sha256, linked = [] }: KnownPackage,
  licenceOf: LicenceOf,
): Promise<Component> {
  const { kind, name, version, architecture, source, maintainer, homepage } = record;
  return {
    ...{ id: purl, kind, name, version, architecture, source },
    ...(maintainer !== undefined && { maintainer }),
    ...(homepage !== undefined && { homepage }),
    licence: await licenceOf(record),
    purl,
    ...(sha256 !== undefined && { sha256 }),
    inputs: [],
    linked,
  };
}
