import { MkbaseError } from '../../base/errors.ts';
import { readAlpmDatabase } from '../../packages/alpm/database.ts';
import type { LockedAlpms } from '../../packages/alpm/locked-alpm.ts';
import { rootfsView } from '../../rootfs/view.ts';
import type { Entry } from '../../tar/entry.ts';

const identity = (name: string, version: string, arch: string) => `${name} ${version} ${arch}`;

/** Compares the packages that pacman recorded as installed with the lock. Throws BUILD_OUTPUT. */
export async function checkInstalled(
  tree: readonly Entry[],
  { packages }: LockedAlpms,
): Promise<void> {
  const installed = (await readAlpmDatabase(rootfsView(tree))) ?? [];
  const found = new Set(
    installed.map(({ record }) => identity(record.name, record.version, record.architecture)),
  );
  const locked = new Set(packages.map(({ name, version, arch }) => identity(name, version, arch)));
  const missing = [...locked].filter((each) => !found.has(each));
  const extra = [...found].filter((each) => !locked.has(each));
  if (missing.length + extra.length === 0) return;
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: [
      'pacman installed other packages than the lock holds:',
      ...missing.map((each) => `  missing ${each}`),
      ...extra.map((each) => `  added   ${each}`),
    ].join('\n'),
    hint: 'The database that proposed them states other dependencies than the packages themselves: use another mirror with --mirror, and pin anew with `mkbase update`.',
  });
}
