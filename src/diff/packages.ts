import type { ByteString } from '../base/byte-string.ts';
import { lockChanges } from '../lock/changes.ts';
import type { PackageOwners } from '../packages/contract.ts';
import { families } from '../packages/registry.ts';
import { rootfsView } from '../rootfs/view.ts';
import type { Side } from './side.ts';

/** A package or other input that differs; undefined on the side that does not have it. */
export interface PackageChange {
  /** `image`, or the builder that it is a part of. */
  readonly set: string;
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The packages that the databases of a rootfs list. */
export type Installed = PackageOwners;

/** Returns the packages in a rootfs and what they own, as the databases in it say; none without one. */
export async function installedIn({ entries = [] }: Side): Promise<Installed> {
  const view = rootfsView(entries);
  const versions = new Map<string, string>();
  const owners = new Map<ByteString, string>();
  try {
    for (const family of families) {
      for (const { record, claims } of (await family.database(view)) ?? []) {
        versions.set(record.name, record.version);
        for (const { path } of claims(record.name)) owners.set(view.resolve(path), record.name);
      }
      const recorded = await family.recorded?.(view);
      for (const [name, version] of recorded?.versions ?? []) versions.set(name, version);
      for (const [path, name] of recorded?.owners ?? []) owners.set(path, name);
    }
  } catch (error) {
    // A database that cannot be parsed explains nothing; the files are compared all the same.
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { versions, owners };
}

function databaseChanges(before: Installed, after: Installed): PackageChange[] {
  const names = [...new Set([...before.versions.keys(), ...after.versions.keys()])].sort();
  return names
    .map((name) => ({
      set: 'image',
      name,
      before: before.versions.get(name),
      after: after.versions.get(name),
    }))
    .filter((change) => change.before !== change.after);
}

/** Compares what the locks pin; where one side has none, what the databases in the images say. */
export const packageChanges = (
  [one, other]: readonly [Side, Side],
  [before, after]: readonly [Installed, Installed],
): PackageChange[] =>
  one.lock && other.lock ? lockChanges(one.lock, other.lock) : databaseChanges(before, after);
