import type { Io } from '../../base/events.ts';
import { family } from '../../packages/deb/deb-inputs.ts';
import { debianRules, unpackedRules } from '../../packages/deb/generated.ts';
import { licenceFinder } from '../../packages/deb/installed/copyrights.ts';
import { recordedInstalled } from '../../packages/deb/installed/recorded-packages.ts';
import { unpackedPackages } from '../../packages/deb/installed/unpacked-packages.ts';
import type { LockedDebs } from '../../packages/deb/locked-debs.ts';
import type { Diversion } from '../../packages/deb/unpack/merge.ts';
import { type KindParts, noParts, type PartsContext } from '../contract.ts';

/**
 * Returns the parts that locked .debs are of a rootfs: by dpkg's database in it where there is one;
 * where packages were only unpacked, or slimming took the database, by the .debs themselves. Without a
 * store it knows no more than the records in the rootfs: regular files, and licences that are still there.
 */
export async function unpackedParts(
  debs: LockedDebs,
  diversions: readonly Diversion[],
  { view, store, families }: PartsContext,
  io: Io,
): Promise<KindParts> {
  const base = { ...noParts, madeByBuild: true };
  if (store === undefined) {
    if (families.has(family)) return base;
    const recorded = await recordedInstalled(view);
    return { ...base, packages: recorded, generated: [...unpackedRules, ...debianRules] };
  }
  if (families.has(family)) {
    const finder = licenceFinder({ view, known: new Map(), locked: { debs, store } }, io);
    return { ...base, licences: new Map([[family, finder]]) };
  }
  const { packages, copyrights } = await unpackedPackages(debs, diversions, { view, store }, io);
  const finder = licenceFinder({ view, known: copyrights, locked: { debs, store } }, io);
  return {
    ...base,
    packages,
    generated: [...unpackedRules, ...debianRules],
    licences: new Map([[family, finder]]),
  };
}
