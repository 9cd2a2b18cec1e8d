import { lstat, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { toByteString } from '../../base/byte-string.ts';
import { ioError, MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { type TreeBeside, treeName } from '../../base/folder-tree.ts';
import { sha256OfFile } from '../../base/hash.ts';
import { withSlashes } from '../../base/host.ts';
import { parseParagraph } from '../../packages/deb/index/paragraph.ts';
import { debRecord } from '../../packages/deb/installed/dpkg-database.ts';
import { debianLicence } from '../../packages/deb/licences/debian-copyright.ts';
import { unknownLicence } from '../../packages/licences/licence.ts';
import { packagePurl, purl } from '../../packages/purl.ts';
import { sourceTreeDigest } from '../../rootfs/source-tree.ts';
import { nameAndVersion } from '../archive.ts';
import { type Component, type LinkedPart, packageComponent } from '../component.ts';
import {
  type BuilderInputs,
  type FileBeside,
  type KindParts,
  noParts,
  type PartsContext,
  type Wanted,
} from '../contract.ts';
import type { StaticRecord } from './compile.ts';
import { linkedParts, unknownParts } from './link/linked.ts';
import { saidComponents } from './link/said-links.ts';
import type { ToolchainPackage } from './link/toolchain-files.ts';
import type { LockedArchive, LockedStatic } from './locked-archive.ts';
import { archiveBeside, programsOf, type StaticSource, treesOf } from './schema.ts';

const licenceOf = ({ copyright, name }: ToolchainPackage) =>
  copyright === undefined
    ? Promise.resolve(unknownLicence('the builder holds no copyright file of it'))
    : debianLicence(copyright, name);

/** Returns a package that the linker took something from; undefined for one whose record names no version. */
async function linkedComponent(
  each: ToolchainPackage,
  linked: readonly LinkedPart[],
  { inputs, distro }: BuilderInputs,
): Promise<Component | undefined> {
  const record = debRecord(parseParagraph(each.control));
  if (record === undefined || distro === undefined) return undefined;
  const locked = inputs.find(
    ({ name, version }) => name === record.name && version === record.version,
  );
  const purl = packagePurl(record, distro, locked?.vendor);
  return packageComponent({ record, purl, locked, linked }, () => licenceOf(each));
}

/**
 * Returns the parts of programs: their sources or upstream archive, which the programs belong to, and
 * each package of the toolchain that the linker took something from.
 */
export async function programParts(
  wanted: Wanted<StaticSource>,
  { archive }: LockedStatic,
  context: PartsContext,
  record: StaticRecord | undefined,
  io: Io,
): Promise<KindParts> {
  const { recipe, builder, store, filesBeside } = context;
  if (builder === undefined) return noParts;
  const own = archive
    ? archiveComponent(archive, recipe)
    : await sourcesComponent(wanted, recipe, filesBeside, record?.tree);
  const linked = record?.linked;
  const claims = programsOf(wanted.name, wanted.source).map(({ path }) => ({
    component: own.id,
    path: toByteString(path.slice(1)),
    expected: { type: 'program' } as const,
  }));
  if (linked === undefined) {
    const said = await saidComponents(context.linked ?? new Map(), { ...builder, store }, io);
    return { ...noParts, claims, components: [own, ...said] };
  }
  const parts = linkedParts(linked);
  const components = [own];
  for (const each of linked.packages) {
    const component = await linkedComponent(each, parts.get(each.name) ?? [], builder);
    if (component !== undefined) components.push(component);
  }
  return { ...noParts, claims, components, unattributed: unknownParts(linked) };
}

/** The recipe's own file. */
type RecipeBytes = PartsContext['recipe'];

/** Lists the regular files at a path of a folder, or below it, as paths in the folder. */
async function filesAt(folder: string, path: string): Promise<string[]> {
  const full = join(folder, path);
  const stats = await lstat(full).catch((error: unknown) => {
    throw ioError(error, 'reading', full);
  });
  if (!stats.isDirectory()) return [path];
  const entries = await readdir(full, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => withSlashes(relative(folder, join(entry.parentPath, entry.name))));
}

/** Hashes the files at the named paths of a folder, or below them. */
async function hashedBelow(named: readonly string[], folder: string): Promise<FileBeside[]> {
  const paths = new Set<string>();
  for (const path of named) for (const file of await filesAt(folder, path)) paths.add(file);
  return Promise.all(
    [...paths].map(async (path) => ({ path, sha256: await sha256OfFile(join(folder, path)) })),
  );
}

/** Returns the recorded files at the named paths, or below them. */
const recordedBelow = (named: readonly string[], recorded: readonly FileBeside[]): FileBeside[] =>
  recorded
    .filter(({ path }) => named.some((each) => path === each || path.startsWith(`${each}/`)))
    .map(({ path, sha256 }) => ({ path, sha256 }));

/**
 * Returns a folder of sources as it is recorded or, where it is at hand, as it is. Throws IO where it is not
 * what was built any more: evidence of it would be about something else.
 */
async function treeBeside(
  tree: TreeBeside,
  folder: string,
  filesBeside: readonly FileBeside[] | undefined,
  built: string | undefined,
): Promise<FileBeside> {
  const path = treeName(tree.path);
  if (filesBeside) {
    return { path, sha256: filesBeside.find((each) => each.path === path)?.sha256 ?? '' };
  }
  const sha256 = await sourceTreeDigest(folder, tree);
  if (built === undefined || built === sha256) return { path, sha256 };
  throw new MkbaseError({
    code: 'IO',
    message: `${join(folder, tree.path)} changed while it was built.`,
    hint: 'Build again. If a program goes on writing there, name its files under "ignore".',
  });
}

/** Returns a program's own sources, beside the recipe, as a component. */
async function sourcesComponent(
  { name, source, folder }: Wanted<StaticSource>,
  recipe: RecipeBytes,
  filesBeside: readonly FileBeside[] | undefined,
  built: string | undefined,
): Promise<Component> {
  const [tree] = treesOf(source);
  const archive = archiveBeside(source);
  const named = [...(source.sources ?? []), ...source.include, ...(archive ? [archive.file] : [])];
  const files = tree
    ? [await treeBeside(tree, folder, filesBeside, built)]
    : filesBeside
      ? recordedBelow(named, filesBeside)
      : await hashedBelow(named, folder);
  const own = { path: basename(recipe.file), sha256: recipe.sha256 };
  const inputs = [own, ...files.sort((a, b) => (a.path < b.path ? -1 : 1))];
  return {
    id: 'recipe:sources',
    kind: 'sources',
    name,
    licence: unknownLicence('sources of your own; mkbase does not guess at their licence'),
    inputs,
    linked: [],
  };
}

/** Returns upstream's own part of a Debian version (deb-version(7)) like `5.4.7-1+b2` or `1:1.3.dfsg-1`. */
const upstreamVersion = (version: string): string =>
  version.replace(/^\d+:/, '').replace(/-[^-]*$/, '');

/** Returns an upstream archive of sources that was built, as a component. */
function archiveComponent(archive: LockedArchive, recipe: RecipeBytes): Component {
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
    url: archive.url,
    inputs: [{ path: basename(recipe.file), sha256: recipe.sha256 }],
    linked: [],
  };
}
