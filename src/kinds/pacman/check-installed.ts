import { MkbaseError } from '../../base/errors.ts';
import { readAlpmDatabase } from '../../packages/alpm/database.ts';
import type { LockedAlpms } from '../../packages/alpm/locked-alpm.ts';
import { rootfsView } from '../../rootfs/view.ts';
import type { Entry } from '../../tar/entry.ts';

const identity = (name: string, version: string, arch: string) => `${name} ${version} ${arch}`;

/** Makes the error of a database of pacman that was damaged: its own, or by a script of a package. */
export const unreadable = (error: SyntaxError): MkbaseError =>
  new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `pacman's database cannot be read after the installation: ${error.message}.`,
    hint: 'A script of a package may have changed it: leave the package out, or choose another snapshot.',
    cause: error,
  });

async function installedIn(tree: readonly Entry[]) {
  try {
    return (await readAlpmDatabase(rootfsView(tree))) ?? [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unreadable(error);
  }
}

/** Compares the packages that pacman recorded as installed with the lock. Throws BUILD_OUTPUT. */
export async function checkInstalled(
  tree: readonly Entry[],
  { packages }: LockedAlpms,
): Promise<void> {
  const installed = await installedIn(tree);
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
