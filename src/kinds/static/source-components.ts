import { lstat, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { ioError } from '../../base/errors.ts';
import { sha256OfFile } from '../../base/hash.ts';
import { unknownLicence } from '../../packages/licences/licence.ts';
import { purl } from '../../packages/purl.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { Component } from '../component.ts';
import type { LockedRootfs } from '../minirootfs/locked.ts';
import type { LockedArchive } from './locked-archive.ts';
import type { StaticSource } from './schema.ts';

/** The regular files at a path of a folder, or below it, as paths in the folder. */
async function filesAt(folder: string, path: string): Promise<string[]> {
  const full = join(folder, path);
  const stats = await lstat(full).catch((error: unknown) => {
    throw ioError(error, 'reading', full);
  });
  if (!stats.isDirectory()) return [path];
  const entries = await readdir(full, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** A program's own sources, beside the recipe. */
export async function sourcesComponent(recipe: Recipe, source: StaticSource): Promise<Component> {
  const { folder } = recipe.fromOrigin;
  const paths = new Set<string>();
  for (const path of [...(source.sources ?? []), ...source.include]) {
    for (const file of await filesAt(folder, path)) paths.add(file);
  }
  const inputs: Component['inputs'][number][] = [
    { path: basename(recipe.fromOrigin.file), sha256: recipe.fromOrigin.sha256 },
  ];
  for (const path of [...paths].sort()) {
    inputs.push({ path, sha256: await sha256OfFile(join(folder, path)) });
  }
  return {
    id: 'recipe:sources',
    kind: 'sources',
    name: recipe.name,
    licence: unknownLicence('sources of your own; mkbase does not guess at their licence'),
    inputs,
    linked: [],
  };
}

/** `5.4.7-1+b2`, `1:1.3.dfsg-1`: upstream's own part of a Debian version (deb-version(7)). */
const upstreamVersion = (version: string): string =>
  version.replace(/^\d+:/, '').replace(/-[^-]*$/, '');

/** `lua5.4_5.4.7.orig.tar.xz`, `zlib-1.3.1.tar.gz`: name and version of an archive of sources. */
function nameAndVersion(file: string): { name: string; version?: string } {
  const stem = file.replace(/\.(?:tar(?:\.[a-z0-9]+)?|tgz|tbz2|txz)$/, '').replace(/\.orig$/, '');
  const [, name, version] = /^(.+?)[-_]v?(\d[A-Za-z0-9.+~_-]*)$/.exec(stem) ?? [];
  return name !== undefined && version !== undefined ? { name, version } : { name: stem };
}

/** An upstream archive of sources that was built. */
export function archiveComponent(archive: LockedArchive, recipe: Recipe): Component {
  const stated = nameAndVersion(archive.name);
  const version = archive.version ? upstreamVersion(archive.version) : stated.version;
  // A mirror's address is not the archive's own, and differs from one machine to another.
  const url = archive.trust.by === 'index' ? undefined : archive.url;
  const qualifiers = { checksum: `sha256:${archive.sha256}`, download_url: url };
  const id = purl({ type: 'generic', name: stated.name, version, qualifiers });
  return {
    id,
    kind: 'archive',
    name: stated.name,
    ...(version !== undefined && { version }),
    licence: unknownLicence('an upstream archive; mkbase reads no licence out of it'),
    purl: id,
    sha256: archive.sha256,
    inputs: [{ path: basename(recipe.fromOrigin.file), sha256: recipe.fromOrigin.sha256 }],
    linked: [],
  };
}

/** A published root filesystem. */
export function rootfsArchiveComponent(archive: LockedRootfs): Component {
  const { release, sha256, url } = archive;
  const name = release ? `${release.distro}-minirootfs` : nameAndVersion(archive.name).name;
  const version = release?.version ?? nameAndVersion(archive.name).version;
  const qualifiers = {
    arch: release?.arch,
    checksum: `sha256:${sha256}`,
    download_url: release ? undefined : url,
  };
  const id = purl({ type: 'generic', name, version, qualifiers });
  return {
    id,
    kind: 'rootfs-archive',
    name,
    ...(version !== undefined && { version }),
    ...(release && { architecture: release.arch }),
    licence: unknownLicence('a published archive; its packages state their own'),
    purl: id,
    sha256,
    inputs: [],
    linked: [],
  };
}
