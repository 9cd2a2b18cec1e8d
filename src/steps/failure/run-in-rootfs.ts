import type { PackageFamily } from '../../packages/contract.ts';
import { families } from '../../packages/registry.ts';
import { type RootfsView, rootfsView } from '../../rootfs/view.ts';
import type { Entry } from '../../tar/entry.ts';
import type { FailedRun } from './in-rootfs.ts';

const folders = ['usr/local/bin', 'usr/local/sbin', 'usr/bin', 'usr/sbin', 'bin', 'sbin'];

/** Finds the family whose packages a root filesystem has; undefined without any that can be read. */
async function familyIn(view: RootfsView): Promise<PackageFamily | undefined> {
  for (const family of families) {
    const listed = await family.database(view).catch(() => undefined);
    const recorded = await family.recorded?.(view).catch(() => undefined);
    if (listed !== undefined || (recorded && recorded.versions.size > 0)) return family;
  }
  return undefined;
}

/**
 * Describes a root filesystem to what looks for a cure. `takesPackages` says whether the recipe can add
 * packages to it.
 */
export function failedRun(rootfs: readonly Entry[], takesPackages: boolean): FailedRun {
  const view = rootfsView(rootfs);
  return {
    has: (program) => folders.some((folder) => view.at(view.resolve(`${folder}/${program}`))),
    async adding(program) {
      const family = takesPackages ? await familyIn(view) : undefined;
      if (family === undefined) return 'Bring it with `files`, or extend a base that has it.';
      const name = family.packageOf?.(program);
      return name === undefined
        ? 'Name the package that has it under `packages`.'
        : `Add it: \`packages: [${name.includes(':') ? `"${name}"` : name}]\`.`;
    },
  };
}
