import { existsSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporaryFolder } from '../../support/folder.ts';
import { type Server, serve } from '../../support/http-server.ts';
import { missing } from './engines.ts';
import { root } from './mkbase.ts';

const named = process.env.MKBASE_TEST_ALPINE_MIRROR;

/** The release folders of a mirror of Alpine, as real as they come; a relative path starts at the top. */
const folder = named ? resolve(root, named) : undefined;

/** A mirror on disk whose newest branch is the only one of that copy; undefined without a copy. */
export const alpineMirrorFolder: string | undefined = folder && newestOf(folder);

function newestOf(copy: string): string {
  const mirror = temporaryFolder({ shared: true });
  for (const name of ['v3.20', 'latest-stable'])
    symlinkSync(join(copy, 'v3.20'), join(mirror, name));
  return mirror;
}

/** Why tests with Alpine's real archives are left out. */
export const noAlpine: string | undefined = missing(
  'MKBASE_TEST_ALPINE_MIRROR names no copy of an Alpine mirror with v3.20/',
  folder !== undefined && existsSync(folder),
);

/** That copy on loopback; it has no signatures, so builds take `--allow unsigned-archive`. */
export async function serveAlpine(): Promise<Server> {
  if (alpineMirrorFolder === undefined) throw new Error('MKBASE_TEST_ALPINE_MIRROR is not set');
  return serve(alpineMirrorFolder);
}

/** The file of a release's archive in that copy. */
export const alpineArchive = (arch: string, version = '3.20.3'): string =>
  resolve(folder ?? '', `v3.20/releases/${arch}/alpine-minirootfs-${version}-${arch}.tar.gz`);
