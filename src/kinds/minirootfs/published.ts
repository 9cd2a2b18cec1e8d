import { join } from 'node:path';
import type { Io } from '../../base/events.ts';
import { packageRoot } from '../../base/package-root.ts';
import type { Platform } from '../../base/platform.ts';
import { type AlpineContext, alpineMirror } from '../../packages/apk/mirror.ts';
import { below, withoutCredentials } from '../../packages/mirror-url.ts';
import { readKeyFiles } from '../../packages/openpgp/keys.ts';
import { expectDigest } from '../archive.ts';
import { findRelease } from './find-release.ts';
import type { LockedRootfs } from './locked-rootfs.ts';
import type { PublishedArchive } from './release-index.ts';
import type { MinirootfsSource } from './schema.ts';
import { fetchSignature, sha512Of, trustSigned, trustUnsigned } from './trust.ts';

/** The release that a recipe asks for. */
export type AlpineRequest = Extract<MinirootfsSource, { readonly distro: string }>;

/** The key that ships with mkbase; README.md beside it says where it comes from. */
export const releaseKeyFile = join(packageRoot, 'src/packages/apk/keyring/alpine-release-2014.asc');

/**
 * Pins a release's minirootfs: found in the mirror's index, fetched, checked against both digests that
 * the index states and against Alpine's signature. The index itself is not signed: it leads to the
 * archive, but only the signature or the recipe's digest makes that trusted, and the release named
 * inside is looked at again. Its date decides the epoch and nothing else. Errors: as `resolveMinirootfs`.
 */
export async function resolveAlpine(
  wanted: AlpineRequest,
  platform: Platform,
  context: AlpineContext,
  io: Io,
): Promise<LockedRootfs> {
  const mirror = alpineMirror(wanted, context);
  const { archive, arch } = await findRelease(mirror, wanted.release, platform, context, io);
  const { version, date, file: name, size, sha256, sha512 } = archive;
  const path = `${archive.branch}/releases/${arch}/${name}`;
  const url = below(mirror, path);
  const what = withoutCredentials(url);
  const pin = { algorithm: 'sha512', expected: wanted.sha512, by: 'the recipe' } as const;
  expectDigest(what, sha512, pin);
  const trust = await fetchTrusted(url, archive, wanted.sha512 !== undefined, context, io);
  const release = { distro: wanted.distro, version, arch, date, path };
  return { url: what, name, size, sha256, sha512, release, trust };
}

/** Fetches the archive, unless nothing could vouch for it. */
async function fetchTrusted(
  url: string,
  { size, sha256, sha512 }: PublishedArchive,
  pinned: boolean,
  context: AlpineContext,
  io: Io,
): Promise<LockedRootfs['trust']> {
  const { store, offline, keyrings = [] } = context;
  const what = withoutCredentials(url);
  const signature = await fetchSignature(`${url}.asc`, context, io);
  const unsigned = signature === undefined ? trustUnsigned(what, pinned, context) : undefined;
  await store.fetch([{ urls: [url], sha256, size }], { offline }, io);
  const found = await sha512Of(store, sha256);
  expectDigest(what, found, { algorithm: 'sha512', expected: sha512, by: "the mirror's index" });
  if (signature === undefined) return unsigned!;
  const keys = await readKeyFiles([releaseKeyFile, ...keyrings]);
  return trustSigned(signature, { sha256, what }, keys, context);
}
