import { lstat, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { ioError } from '../../base/errors.ts';
import { sha256OfFile } from '../../base/hash.ts';
import { unknownLicence } from '../../packages/licences/licence.ts';
import { purl } from '../../packages/purl.ts';
import { nameAndVersion } from '../archive-name.ts';
import type { Component } from '../component.ts';
import type { PartsContext, Wanted } from '../contract.ts';
import type { LockedArchive } from './locked-archive.ts';
import type { StaticSource } from './schema.ts';

/** The recipe's own file. */
type RecipeBytes = PartsContext['recipe'];

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
export async function sourcesComponent(
  { name, source, folder }: Wanted<StaticSource>,
  recipe: RecipeBytes,
): Promise<Component> {
  const paths = new Set<string>();
  for (const path of [...(source.sources ?? []), ...source.include]) {
    for (const file of await filesAt(folder, path)) paths.add(file);
  }
  const inputs: Component['inputs'][number][] = [
    { path: basename(recipe.file), sha256: recipe.sha256 },
  ];
  for (const path of [...paths].sort()) {
    inputs.push({ path, sha256: await sha256OfFile(join(folder, path)) });
  }
  return {
    id: 'recipe:sources',
    kind: 'sources',
    name,
    licence: unknownLicence('sources of your own; mkbase does not guess at their licence'),
    inputs,
    linked: [],
  };
}

/** `5.4.7-1+b2`, `1:1.3.dfsg-1`: upstream's own part of a Debian version (deb-version(7)). */
const upstreamVersion = (version: string): string =>
  version.replace(/^\d+:/, '').replace(/-[^-]*$/, '');

/** An upstream archive of sources that was built. */
export function archiveComponent(archive: LockedArchive, recipe: RecipeBytes): Component {
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
    inputs: [{ path: basename(recipe.file), sha256: recipe.sha256 }],
    linked: [],
  };
}
