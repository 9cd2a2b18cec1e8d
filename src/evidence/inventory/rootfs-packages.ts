import type { Io } from '../../base/events.ts';
import { readApkDatabase } from '../../packages/apk/database.ts';
import {
  type InstalledPackage,
  readDpkgDatabase,
} from '../../packages/deb/installed/dpkg-database.ts';
import type { Copyright } from '../../packages/deb/installed/read-deb.ts';
import { unpackedPackages } from '../../packages/deb/installed/unpacked-packages.ts';
import {
  alpineRules,
  debianRules,
  type GeneratedRule,
  unpackedRules,
} from '../../packages/generated-rules.ts';
import type { RootfsView } from '../../rootfs/view.ts';
import type { InventoryInput } from './inventory.ts';

/** The packages that a rootfs holds, and what their installation is known to make. */
export interface RootfsPackages {
  readonly packages: readonly InstalledPackage[];
  readonly rules: readonly GeneratedRule[];
  /** Copyright files that were read on the way. */
  readonly copyrights: ReadonlyMap<string, Copyright>;
}

const none: ReadonlyMap<string, Copyright> = new Map();

/**
 * Finds the packages of a rootfs: in dpkg's or apk's database in it, and where the packages were only
 * unpacked, or slimming took the database, in the locked .debs.
 */
export async function rootfsPackages(
  { recipe: { from }, lock, store }: InventoryInput,
  view: RootfsView,
  io: Io,
): Promise<RootfsPackages> {
  const debs = from.kind === 'debs' ? undefined : await readDpkgDatabase(view);
  const apks = await readApkDatabase(view);
  if (debs === undefined && lock.debs !== undefined) {
    const diversions = from.kind === 'debs' ? from.debs.diversions : [];
    const unpacked = await unpackedPackages(lock.debs, diversions, { view, store }, io);
    return { ...unpacked, rules: [...unpackedRules, ...debianRules] };
  }
  return {
    packages: [...(debs ?? []), ...(apks ?? [])],
    rules: [...(debs ? debianRules : []), ...(apks ? alpineRules : [])],
    copyrights: none,
  };
}
