import { counted, sized } from '../base/amounts.ts';
import type { Io } from '../base/events.ts';
import { platforms } from '../base/platform.ts';
import { mirrorsOf } from '../kinds/debootstrap/debootstrap-source.ts';
import { minirootfsDownloads } from '../kinds/minirootfs/resolve.ts';
import type { SourceContext } from '../kinds/source-context.ts';
import { archiveDownloads } from '../kinds/static/archive.ts';
import type { Lock } from '../lock/locked.ts';
import { apkDownloads } from '../packages/apk/apk-downloads.ts';
import { debDownloads } from '../packages/deb/choose/resolve.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Download } from '../store/blobs/download-blob.ts';
import type { Builder } from './builder.ts';
import { inStage } from './in-stage.ts';

/** The recipe's own URL, which may carry credentials that a lock never holds. */
function ownUrl({ from }: Recipe): { readonly url?: string } {
  const archive = from.kind === 'static' ? from.static.archive : undefined;
  return archive && 'url' in archive ? { url: archive.url } : {};
}

/** As the recipe names them: its URLs may carry credentials. Larger files belong into an archive. */
const fileDownloads = ({ files }: Recipe): Download[] =>
  files.flatMap((file) =>
    'url' in file ? [{ urls: [file.url], sha256: file.sha256, maxBytes: 1024 ** 3 }] : [],
  );

/** Where the recipe's own packages are, which need not be of the builder's distribution. */
function packagePlaces({ from }: Recipe, lock: Lock, sources: SourceContext) {
  if (from.kind !== 'debootstrap') return sources.debian;
  return { mirrors: mirrorsOf(from.debootstrap, platforms[lock.platform], sources) };
}

function downloadsFor(
  recipe: Recipe,
  lock: Lock,
  missing: Builder | undefined,
  sources: SourceContext,
): Download[] {
  const { debian, alpine } = sources;
  const places = { ...ownUrl(recipe), mirrors: debian.mirrors };
  return [
    ...(missing ? debDownloads(missing.locked.debs, debian) : []),
    ...(lock.debs ? debDownloads(lock.debs, packagePlaces(recipe, lock, sources)) : []),
    ...(lock.archive ? archiveDownloads(lock.archive, places) : []),
    ...fileDownloads(recipe),
    ...(lock.apks ? apkDownloads(lock.apks, recipe.from, alpine) : []),
    ...(lock.rootfs && recipe.from.kind === 'minirootfs'
      ? minirootfsDownloads(lock.rootfs, recipe.from.minirootfs, alpine)
      : []),
  ];
}

/** Brings a builder's packages into the store. Errors as fetchInputs. */
export const fetchBuilder = (
  { locked }: Builder,
  { debian }: SourceContext,
  io: Io,
): Promise<void> => fetchInto(debDownloads(locked.debs, debian), debian, io);

async function fetchInto(
  downloads: readonly Download[],
  { store, offline }: SourceContext['debian'],
  io: Io,
): Promise<void> {
  if (downloads.length === 0) return;
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

/**
 * Brings every locked input into the store; `missing` is the builder that has yet to be made.
 * Errors: OFFLINE, SOURCE_UNREACHABLE, SOURCE_CORRUPT, NO_SPACE.
 */
export const fetchInputs = (
  recipe: Recipe,
  lock: Lock,
  missing: Builder | undefined,
  context: SourceContext,
  io: Io,
): Promise<void> => fetchInto(downloadsFor(recipe, lock, missing, context), context.debian, io);
