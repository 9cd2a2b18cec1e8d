import type { Io } from '../events.ts';
import type { Lock } from '../lock/locked.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { archiveDownloads } from '../sources/archive/archive.ts';
import type { SourceContext } from '../sources/context.ts';
import { debDownloads } from '../sources/debian/debian.ts';
import { minirootfsDownloads } from '../sources/minirootfs/minirootfs.ts';
import type { Download } from '../store/store.ts';
import { counted, sized } from './amounts.ts';
import type { Builder } from './builder.ts';
import { inStage } from './in-stage.ts';

/** The recipe's own URL, which may carry credentials that a lock never holds. */
function ownUrl({ from }: Recipe): { readonly url?: string } {
  const archive = from.kind === 'static' ? from.static.archive : undefined;
  return archive && 'url' in archive ? { url: archive.url } : {};
}

function downloadsFor(
  recipe: Recipe,
  lock: Lock,
  missing: Builder | undefined,
  { debian, alpine }: SourceContext,
): Download[] {
  const debs = [missing?.locked.debs, lock.debs].filter((locked) => locked !== undefined);
  const places = { ...ownUrl(recipe), mirrors: debian.mirrors };
  return [
    ...debs.flatMap((locked) => debDownloads(locked, debian)),
    ...(lock.archive ? archiveDownloads(lock.archive, places) : []),
    ...(lock.rootfs && recipe.from.kind === 'minirootfs'
      ? minirootfsDownloads(lock.rootfs, recipe.from.minirootfs, alpine)
      : []),
  ];
}

/**
 * Brings every locked input into the store; `missing` is the builder that has yet to be made.
 * Errors: OFFLINE, SOURCE_UNREACHABLE, SOURCE_CORRUPT, NO_SPACE.
 */
export async function fetchInputs(
  recipe: Recipe,
  lock: Lock,
  missing: Builder | undefined,
  context: SourceContext,
  io: Io,
): Promise<void> {
  const downloads = downloadsFor(recipe, lock, missing, context);
  if (downloads.length === 0) return;
  const { store, offline } = context.debian;
  await inStage(
    io,
    'fetch',
    'Fetching inputs',
    () => store.fetch(downloads, { offline }, io),
    (blobs) => {
      const bytes = blobs.reduce((sum, { size }) => sum + size, 0);
      return `${counted(blobs.length, 'file')}, ${sized(bytes)}`;
    },
  );
}
