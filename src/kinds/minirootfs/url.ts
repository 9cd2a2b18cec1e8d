import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { readKeyFiles } from '../../packages/openpgp/keys.ts';
import type { BlobRef } from '../../store/blobs/layout.ts';
import { showUrl } from '../../store/show-url.ts';
import { compressionByName } from '../../tar/compression-names.ts';
import { expectDigest, sha512Of } from './digests.ts';
import type { LockedRootfs, RootfsTrust } from './locked-rootfs.ts';
import type { MinirootfsSource } from './schema.ts';
import { type ArchiveContext, fetchSignature, trustSigned } from './trust.ts';

/** An archive that a recipe names by URL and digest. */
export type UrlMinirootfs = Extract<MinirootfsSource, { readonly url: string }>;

/** Ten times the largest that is likely. */
const maxBytes = 2 * 1024 ** 3;

/**
 * Pins an archive by URL, which is fetched. `folder` is where the recipe's own paths start from.
 * Errors: USAGE, SOURCE_UNREACHABLE, SOURCE_CORRUPT, SOURCE_UNTRUSTED, OFFLINE, IO, NO_SPACE.
 */
export async function resolveUrl(
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
  const [blob] = await store.fetch([{ urls: [url], sha256, maxBytes }], { offline }, io);
  return blob!;
}

/** The digest is always the recipe's; a signature that it names must hold besides. */
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

/** The last part of a URL's path. Throws USAGE when it is no archive's name. */
function fileName(url: string): string {
  const name = new URL(url).pathname.split('/').at(-1) ?? '';
  if (/^[A-Za-z0-9][A-Za-z0-9._+~-]*$/.test(name) && compressionByName(name) !== undefined)
    return name;
  throw new MkbaseError({
    code: 'USAGE',
    message: `${showUrl(url)} does not end in the name of a tar archive.`,
    hint: 'Name the archive itself; mkbase reads .tar, .tar.gz, .tgz, .tar.xz and .tar.zst.',
  });
}
