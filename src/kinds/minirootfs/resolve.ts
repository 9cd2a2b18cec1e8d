import type { Io } from '../../base/events.ts';
import type { Platform } from '../../base/platform.ts';
import type { AlpineContext } from '../../packages/apk/alpine-context.ts';
import { alpineMirror } from '../../packages/apk/mirror.ts';
import { below } from '../../packages/mirror-url.ts';
import type { Download } from '../../store/blobs/download-blob.ts';
import type { LockedRootfs } from './locked-rootfs.ts';
import { resolveAlpine } from './published.ts';
import type { MinirootfsSource } from './schema.ts';
import { resolveUrl } from './url.ts';

/**
 * Pins a published root filesystem: its archive is fetched, and it is settled why it is believed.
 * `folder` is where the recipe's own paths start from. Errors: SOURCE_UNREACHABLE, SOURCE_CORRUPT,
 * SOURCE_UNTRUSTED, RELEASE_NOT_FOUND, OFFLINE, USAGE, IO, NO_SPACE.
 */
export function resolveMinirootfs(
  wanted: MinirootfsSource,
  folder: string,
  platform: Platform,
  context: AlpineContext,
  io: Io,
): Promise<LockedRootfs> {
  if ('url' in wanted) return resolveUrl(wanted, folder, context, io);
  return resolveAlpine(wanted, platform, context, io);
}

/** What to download for a locked archive: from this run's mirror first, since the hash is what counts. */
export function minirootfsDownloads(
  { url, sha256, size, release }: LockedRootfs,
  wanted: MinirootfsSource,
  context: Pick<AlpineContext, 'mirror'>,
): Download[] {
  const urls = new Set<string>();
  if ('url' in wanted) urls.add(wanted.url);
  else if (release !== undefined) urls.add(below(alpineMirror(wanted, context), release.path));
  return [{ urls: [...urls.add(url)], sha256, size }];
}
