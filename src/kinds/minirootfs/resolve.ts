import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { sha256OfFile } from '../../base/hash.ts';
import type { Platform } from '../../base/platform.ts';
import { type AlpineContext, alpineMirror } from '../../packages/apk/mirror.ts';
import { below } from '../../packages/mirror-url.ts';
import { readKeyFiles } from '../../packages/openpgp/keys.ts';
import type { Download } from '../../store/blobs/download-blob.ts';
import type { BlobRef } from '../../store/blobs/layout.ts';
import { showUrl } from '../../store/show-url.ts';
import { compressionByName, endingsOf } from '../../tar/compression-names.ts';
import { expectDigest, isArchiveName } from '../archive.ts';
import type { LockedRootfs, RootfsTrust } from './locked-rootfs.ts';
import { resolveAlpine } from './published.ts';
import { type MinirootfsSource, tarForms } from './schema.ts';
import { type ArchiveContext, fetchSignature, sha512Of, trustSigned } from './trust.ts';

/**
 * Pins a published root filesystem: fetches its archive and records why it is trusted.
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
  if ('file' in wanted) return resolveFile(wanted, folder, context, io);
  return resolveAlpine(wanted, platform, context, io);
}

/**
 * Returns the download of a locked archive: from this run's mirror first, since the hash decides. `folder` is
 * where the recipe's own paths start from.
 */
export function minirootfsDownloads(
  { url, sha256, size, release }: LockedRootfs,
  wanted: MinirootfsSource,
  folder: string,
  context: Pick<AlpineContext, 'mirror' | 'distribution'>,
): Download[] {
  if ('file' in wanted) return [{ urls: [urlOf(wanted, folder)], sha256, size }];
  const urls = new Set<string>();
  if ('url' in wanted) urls.add(wanted.url);
  else if (release !== undefined) urls.add(below(alpineMirror(wanted, context), release.path));
  const byRecipe = 'url' in wanted && { byRecipe: true };
  return [{ urls: [...urls.add(url)], sha256, size, ...byRecipe }];
}

/** An archive beside the recipe. */
type FileMinirootfs = Extract<MinirootfsSource, { readonly file: string }>;

const urlOf = ({ file }: FileMinirootfs, folder: string): string =>
  pathToFileURL(join(folder, file)).href;

/** Pins an archive beside the recipe, whose place in the lock starts from the recipe's folder. */
async function resolveFile(
  wanted: FileMinirootfs,
  folder: string,
  { store, offline }: ArchiveContext,
  io: Io,
): Promise<LockedRootfs> {
  const { sha256, size } = await store.fetchUnpinned(
    urlOf(wanted, folder),
    { offline, maxBytes },
    io,
  );
  expectDigest(join(folder, wanted.file), sha256, {
    ...{ algorithm: 'sha256', expected: wanted.sha256, by: 'the recipe' },
  });
  const sha512 = await sha512Of(store, sha256);
  const url = `file:${wanted.file.split('/').map(encodeURIComponent).join('/')}`;
  return { url, name: basename(wanted.file), size, sha256, sha512, trust: { by: 'recipe' } };
}

/** Throws LOCK_STALE where the archive beside the recipe is not the one that is locked. */
export async function requireLocked(
  wanted: MinirootfsSource,
  { sha256 }: LockedRootfs,
  folder: string,
): Promise<void> {
  if (!('file' in wanted)) return;
  const file = join(folder, wanted.file);
  const found = await sha256OfFile(file);
  if (found === sha256) return;
  throw new MkbaseError({
    code: 'LOCK_STALE',
    message: [
      `${file}: not the archive that is locked.`,
      `  locked sha256 ${sha256}`,
      `  found  sha256 ${found}`,
    ].join('\n'),
    hint: 'Pin it anew with `mkbase update`, or put the archive there that is meant.',
  });
}

/** An archive that a recipe names by URL and digest. */
export type UrlMinirootfs = Extract<MinirootfsSource, { readonly url: string }>;

/** Ten times the largest that is likely. */
const maxBytes = 2 * 1024 ** 3;

/**
 * Pins an archive by URL, which is fetched. `folder` is where the recipe's own paths start from.
 * Errors: USAGE, SOURCE_UNREACHABLE, SOURCE_CORRUPT, SOURCE_UNTRUSTED, OFFLINE, IO, NO_SPACE.
 */
async function resolveUrl(
  wanted: UrlMinirootfs,
  folder: string,
  context: ArchiveContext,
  io: Io,
): Promise<LockedRootfs> {
  const what = showUrl(wanted.url);
  const name = fileName(wanted.url);
  const { sha256, size } = await fetchArchive(wanted, context, io);
  const sha512 = await sha512Of(context.store, sha256);
  expectDigest(what, sha512, { algorithm: 'sha512', expected: wanted.sha512, by: 'the recipe' });
  const trust = await trustIn(wanted, { sha256, what }, folder, context, io);
  return { url: what, name, size, sha256, sha512, trust };
}

async function fetchArchive(
  { url, sha256 }: UrlMinirootfs,
  { store, offline }: ArchiveContext,
  io: Io,
): Promise<BlobRef> {
  if (sha256 === undefined) return store.fetchUnpinned(url, { offline, maxBytes }, io);
  const [blob] = await store.fetch(
    [{ urls: [url], sha256, maxBytes, byRecipe: true }],
    { offline },
    io,
  );
  return blob!;
}

/**
 * Returns why an archive is trusted: the recipe states the digest, and a signature that it names must
 * hold besides.
 */
async function trustIn(
  { signature }: UrlMinirootfs,
  archive: { readonly sha256: string; readonly what: string },
  folder: string,
  context: ArchiveContext,
  io: Io,
): Promise<RootfsTrust> {
  if (signature === undefined) return { by: 'recipe' };
  const keys = await readKeyFiles([join(folder, signature.key)]);
  const fetched = await fetchSignature(signature.url, context, io);
  if (fetched !== undefined) return trustSigned(fetched, archive, keys, context);
  throw new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: `${showUrl(signature.url)} is not there; the recipe wants it to sign ${archive.what}.`,
    hint: 'Correct the URL, or take "signature" out of the recipe.',
  });
}

/** Returns the last part of a URL's path. Throws USAGE when it is no archive's name. */
function fileName(url: string): string {
  const name = new URL(url).pathname.split('/').at(-1) ?? '';
  if (isArchiveName(name) && compressionByName(name) !== undefined) return name;
  throw new MkbaseError({
    code: 'USAGE',
    message: `${showUrl(url)} does not end in the name of a tar archive.`,
    hint: `Name the archive itself, which ends in ${endingsOf(tarForms)}.`,
  });
}
