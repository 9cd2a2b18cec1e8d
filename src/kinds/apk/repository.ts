import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ioError } from '../../base/errors.ts';
import { apkDistribution } from '../../packages/apk/distribution.ts';
import type { LockedApks } from '../../packages/apk/locked-apks.ts';
import type { Store } from '../../store/store.ts';
import type { Entry } from '../../tar/entry.ts';
import { rootFile } from '../../tar/root-entry.ts';

/**
 * Returns the locked packages as a repository that has yet to be indexed, and the file that names it,
 * unless it is empty; `at` is where it will stand. The builder gets the bytes that were read from the
 * store and hashed on the way: they are copied to `staging`, an empty folder, first. Errors:
 * SOURCE_CORRUPT, NO_SPACE, IO.
 */
export async function repositoryOf(
  { arch, packages }: LockedApks,
  at: string,
  { store, staging }: { readonly store: Store; readonly staging: string },
): Promise<Entry[]> {
  const entries: Entry[] = [rootFile('repositories', packages.length === 0 ? '' : `${at}\n`)];
  for (const { name, version, sha256, size } of packages) {
    const file = join(staging, sha256);
    await pipeline(store.read(sha256), createWriteStream(file)).catch((error: unknown) => {
      throw ioError(error, 'writing', file);
    });
    const content = { file, offset: 0, size };
    entries.push(rootFile(`${arch}/${name}-${version}.apk`, content));
  }
  return entries;
}

const repositoriesFile = 'etc/apk/repositories';

/**
 * Returns the list of repositories for a root that brings apk, so that `apk add` works in it: those that
 * it was made from, at the mirror that the distribution names. The mirror that this machine used does not get into
 * the image.
 */
export function ownRepositories(
  tree: readonly Entry[],
  { distro, packages, indexes }: LockedApks,
  mtime: number,
): Entry[] {
  const hasApk = packages.some(({ name }) => name === 'apk-tools');
  if (!hasApk || tree.some((entry) => entry.path === repositoriesFile)) return [];
  const repositories = [...new Set(indexes.map(({ repository }) => repository))];
  const { mirror } = apkDistribution(distro);
  const text = repositories.map((each) => `${mirror}/${each}\n`).join('');
  return [rootFile(repositoriesFile, text, mtime)];
}
