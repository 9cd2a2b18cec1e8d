import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError } from '../base/errors.ts';
import { isSha256, type Layout, layoutOf } from './layout.ts';
import { sweepWorkspaces } from './workspace.ts';

/** What a store holds, or what was taken out of it. */
export interface StoreSize {
  readonly blobs: number;
  /** Bytes, downloads cut short included. */
  readonly bytes: number;
}

interface Stored {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly lastUsed: number;
}

/** How much is in a store; a folder that is not there counts as an empty one. */
export async function storeSize(folder: string): Promise<StoreSize> {
  const { blobs, partials } = await contents(layoutOf(folder));
  return { blobs: blobs.length, bytes: sum([...blobs, ...partials]) };
}

/**
 * Removes the blobs that are not in `keep` and were not used for `unusedForDays` (0: whenever they
 * were used), downloads cut short, and what killed runs left. A running build that needs one of them fails
 * with SOURCE_CORRUPT and can be run again.
 */
export async function pruneStore(
  folder: string,
  keep: ReadonlySet<string>,
  { unusedForDays = 0 }: { readonly unusedForDays?: number } = {},
): Promise<StoreSize> {
  const layout = layoutOf(folder);
  await sweepWorkspaces(layout.tmp);
  const { blobs, partials } = await contents(layout);
  const usedBefore = Date.now() - unusedForDays * 24 * 60 * 60 * 1000;
  const old = (stored: Stored) => unusedForDays === 0 || stored.lastUsed < usedBefore;
  const unwanted = blobs.filter((blob) => !keep.has(blob.sha256) && old(blob));
  const going = [...unwanted, ...partials.filter(old)];
  for (const { path } of going) await remove(path);
  return { blobs: unwanted.length, bytes: sum(going) };
}

async function contents(layout: Layout) {
  return { blobs: await listed(layout.blobs), partials: await listed(layout.partial) };
}

async function listed(folder: string): Promise<Stored[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.filter(isSha256).map(async (sha256): Promise<Stored[]> => {
      const path = join(folder, sha256);
      const stats = await stat(path).catch(() => undefined);
      if (!stats?.isFile()) return [];
      return [{ path, sha256, size: stats.size, lastUsed: stats.mtimeMs }];
    }),
  );
  return found.flat();
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw ioError(error, 'removing', path);
  });
}

const sum = (stored: readonly Stored[]): number =>
  stored.reduce((total, { size }) => total + size, 0);
