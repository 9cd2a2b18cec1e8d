import type { From } from '../../recipe/kinds.ts';
import type { Download } from '../../store/blobs/download-blob.ts';
import { below } from '../mirror-url.ts';
import type { AlpineContext } from './context.ts';
import type { LockedApks } from './locked.ts';
import { alpineMirror } from './mirror.ts';

function mirrorIn(from: From): string | undefined {
  if (from.kind === 'apk') return from.apk.mirror;
  return from.kind === 'minirootfs' && 'distro' in from.minirootfs
    ? from.minirootfs.mirror
    : undefined;
}

/** What to download for locked packages; the mirror of this run comes before the lock's. */
export function apkDownloads(
  { packages, tools = [], indexes }: LockedApks,
  from: From,
  context: Pick<AlpineContext, 'mirror'>,
): Download[] {
  const current = alpineMirror({ mirror: mirrorIn(from) }, context);
  return [...packages, ...tools].map(({ repository, filename, size, sha256 }) => {
    const recorded = indexes.find((index) => index.repository === repository)?.mirror;
    const roots = new Set([current, ...(recorded === undefined ? [] : [recorded])]);
    return { urls: [...roots].map((root) => below(root, filename)), sha256, size };
  });
}
