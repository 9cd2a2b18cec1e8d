import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { sha256OfBytes } from '../../base/hash.ts';
import { whole } from '../../base/whole.ts';
import type { DebianContext } from '../../packages/deb/archive/debian-context.ts';
import type { Mirrors } from '../../packages/deb/archive/mirrors.ts';
import { resolveSource } from '../../packages/deb/choose/source-package.ts';
import { readKeyFiles } from '../../packages/openpgp/keys.ts';
import { verifyDetached } from '../../packages/openpgp/signature.ts';
import type { Download } from '../../store/blobs/download-blob.ts';
import { showUrl } from '../../store/show-url.ts';
import { isArchiveName } from '../archive.ts';
import type { LockedArchive } from './locked-archive.ts';
import type { fetchedArchive } from './schema.ts';

/** An archive that is fetched, as a recipe names it: by URL and sha256, or by Debian source package. */
export type WantedArchive = NonNullable<ReturnType<typeof fetchedArchive>>;

type UrlArchive = Extract<WantedArchive, { readonly url: string }>;

/** Most bytes of a source archive; ten times the largest that is likely. */
const maxBytes = 2 * 1024 ** 3;
const maxSignatureBytes = 1024 * 1024;

/**
 * Pins an upstream archive. `folder` is where the recipe's own paths start from. With a signature,
 * archive and signature are fetched, and the signature must hold. Errors: SOURCE_UNREACHABLE,
 * SOURCE_CORRUPT, SOURCE_UNTRUSTED, PACKAGE_NOT_FOUND, OFFLINE, USAGE, IO, NO_SPACE.
 */
export async function resolveArchive(
  wanted: WantedArchive,
  folder: string,
  context: DebianContext,
  io: Io,
): Promise<LockedArchive> {
  if ('debian' in wanted) return resolveSource(wanted, context, io);
  const { url, sha256, signature } = wanted;
  const pinned = { url: showUrl(url), name: fileName(url), sha256 };
  if (signature === undefined) return { ...pinned, trust: { by: 'recipe' } };
  const signed = { url, sha256, signature };
  return { ...pinned, ...(await checkSignature(signed, folder, context, io)) };
}

async function checkSignature(
  { url, sha256, signature }: Required<UrlArchive>,
  folder: string,
  { store, offline, now }: DebianContext,
  io: Io,
): Promise<Pick<LockedArchive, 'size' | 'trust'>> {
  const keys = await readKeyFiles([join(folder, signature.key)]);
  const bytes = await store.fetchBytes(signature.url, { maxBytes: maxSignatureBytes, offline }, io);
  const [blob] = await store.fetch(
    [{ urls: [url], sha256, maxBytes, byRecipe: true }],
    { offline },
    io,
  );
  const what = showUrl(url);
  const signedBy = await verifyDetached(store.read(sha256), bytes, { keys, what, now });
  const hash = sha256OfBytes(bytes);
  await store.write(whole(bytes), hash);
  const trust = { by: 'signature', url: showUrl(signature.url), sha256: hash, signedBy } as const;
  return { size: blob!.size, trust };
}

/** Returns the last part of a URL's path. Throws USAGE when it could not be a file's name. */
function fileName(url: string): string {
  const name = new URL(url).pathname.split('/').at(-1) ?? '';
  if (isArchiveName(name)) return name;
  throw new MkbaseError({
    code: 'USAGE',
    message: `${showUrl(url)} does not end in the name of a file.`,
    hint: 'Name the archive itself, for instance https://example.org/hello-1.0.tar.gz.',
  });
}

/** Places besides its locked URL where an archive may be found. */
export interface ArchivePlaces {
  /** The recipe's own URL, which may carry credentials. */
  readonly url?: string;
  /** Mirrors of this run, for an archive that a Debian index names. */
  readonly mirrors?: Mirrors;
}

/** Returns the download of a locked archive; the places of this run come before the lock's. */
export function archiveDownloads(locked: LockedArchive, places: ArchivePlaces = {}): Download[] {
  const { sha256, size, trust } = locked;
  const urls = [...new Set([...placesOf(locked, places), locked.url])];
  const byRecipe = trust.by !== 'index' && { byRecipe: true };
  return [{ urls, sha256, ...(size === undefined ? { maxBytes } : { size }), ...byRecipe }];
}

function placesOf({ url: lockedUrl, trust }: LockedArchive, { url, mirrors }: ArchivePlaces) {
  if (url !== undefined) return [url];
  if (trust.by !== 'index' || mirrors === undefined) return [];
  const { mirror } = trust.index;
  return lockedUrl.startsWith(`${mirror}/`) ? [mirrors.main + lockedUrl.slice(mirror.length)] : [];
}
