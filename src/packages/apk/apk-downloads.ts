import type { Download } from '../../store/blobs/download-blob.ts';
import { below } from '../mirror-url.ts';
import type { AlpineContext } from './alpine-context.ts';
import type { LockedApks } from './locked-apks.ts';
import { alpineMirror } from './mirror.ts';

/** Returns what to download for locked packages; the mirror of this run, else the recipe's, comes before the lock's. */
export function apkDownloads(
  { packages, tools = [], indexes }: LockedApks,
  ofRecipe: string | undefined,
  context: Pick<AlpineContext, 'mirror'>,
): Download[] {
  const current = alpineMirror({ mirror: ofRecipe }, context);
  return [...packages, ...tools].map(({ repository, filename, size, sha256 }) => {
    const recorded = indexes.find((index) => index.repository === repository)?.mirror;
    const roots = new Set([current, ...(recorded === undefined ? [] : [recorded])]);
    return { urls: [...roots].map((root) => below(root, filename)), sha256, size };
  });
}
