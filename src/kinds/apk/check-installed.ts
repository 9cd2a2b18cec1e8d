import { MkbaseError } from '../../base/errors.ts';
import { installedApks } from '../../packages/apk/installed-apks.ts';
import type { LockedApks } from '../../packages/apk/locked-apks.ts';
import type { Entry } from '../../tar/entry.ts';

const identity = (each: {
  readonly name: string;
  readonly version: string;
  readonly checksum: string;
}) => `${each.name} ${each.version} ${each.checksum}`;

/**
 * Holds what apk wrote down as installed against the lock: every package of it is there, and beside
 * them only such as were there before. Throws BUILD_OUTPUT.
 */
export async function checkInstalled(
  tree: readonly Entry[],
  before: readonly Entry[],
  { packages }: LockedApks,
): Promise<void> {
  const found = new Set((await installedApks(tree)).map(identity));
  const old = new Set((await installedApks(before)).map(identity));
  const locked = new Set(packages.map(identity));
  const missing = [...locked].filter((each) => !found.has(each));
  const extra = [...found].filter((each) => !locked.has(each) && !old.has(each));
  if (missing.length + extra.length === 0) return;
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: [
      'apk installed other packages than the lock holds:',
      ...missing.map((each) => `  missing ${each}`),
      ...extra.map((each) => `  added   ${each}`),
    ].join('\n'),
    hint: 'Pin anew with `mkbase update`; should it come again, report it with lock.json.',
  });
}
