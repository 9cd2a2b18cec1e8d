import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError } from '../base/errors.ts';
import type { Entry } from '../tar/entry.ts';
import { isMounted, madeFolders } from './mounted-paths.ts';

/** Packages that a package manager installed in a step, which had to leave out what the engine mounts. */
export interface Installed<Package> {
  readonly packages: readonly Package[];
  /** Resolves to the entries of a package whose paths are wanted; their contents may stay in files of `folder`. */
  brings(
    each: Package,
    wanted: (path: string) => boolean,
    folder: string,
  ): Promise<readonly Entry[]>;
  /** Folder of the work; one with the name `kind` is made in it. */
  readonly folder: string;
  readonly kind: string;
  /** Seconds since 1970: the time of folders. */
  readonly epoch: number;
}

/**
 * Returns the tree of a step with what packages bring at the paths that an engine mounts; of several that bring
 * one, the first counts. Errors: IO, NO_SPACE, and those of `brings`.
 */
export async function withLeftOut<Package>(
  tree: readonly Entry[],
  { packages, brings, folder, kind, epoch }: Installed<Package>,
): Promise<Entry[]> {
  const there = new Set<string>(tree.map(({ path }) => path));
  const wanted = (path: string) =>
    isMounted(path) || (madeFolders.includes(path) && !there.has(path));
  const own = join(folder, `${kind}-mounted`);
  await mkdir(own).catch((error: unknown) => {
    throw ioError(error, 'making', own);
  });
  const brought = new Map<string, Entry>();
  for (const each of packages) {
    for (const entry of await brings(each, wanted, own)) {
      if (!brought.has(entry.path)) brought.set(entry.path, entry);
    }
  }
  const dated = [...brought.values()].map((entry) =>
    entry.type === 'directory' ? { ...entry, mtime: epoch } : entry,
  );
  return [...tree.filter(({ path }) => !brought.has(path)), ...dated];
}
