import type { Download } from '../../store/blobs/download-blob.ts';
import { below } from '../mirror-url.ts';
import { indexOfApk, type LockedApks } from './locked-apks.ts';
import { type AlpineContext, alpineMirror } from './mirror.ts';

/** Returns what to download for locked packages; the mirror of this run, else the recipe's, comes before the lock's. */
export function apkDownloads(
  { packages, tools = [], indexes }: LockedApks,
  ofRecipe: string | undefined,
  context: Pick<AlpineContext, 'mirror' | 'distribution'>,
): Download[] {
  const current = alpineMirror({ mirror: ofRecipe }, context);
  return [...packages, ...tools].map((each) => {
    const { filename, size, sha256 } = each;
    const recorded = indexOfApk(each, indexes)?.mirror;
    const roots = new Set([current, ...(recorded === undefined ? [] : [recorded])]);
    return { urls: [...roots].map((root) => below(root, filename)), sha256, size };
  });
}
