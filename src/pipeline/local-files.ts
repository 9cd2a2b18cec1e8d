import { readdir, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { treeName } from '../base/folder-tree.ts';
import { sha256OfFile } from '../base/hash.ts';
import { withSlashes } from '../base/host.ts';
import type { LocalFile } from '../evidence/provenance/dependencies.ts';
import { chosenToolchain, kindOf } from '../kinds/kinds.ts';
import { pathsOf, sourceOf } from '../recipe/kind.ts';
import type { Origin, TakenFolder } from '../recipe/recipe.ts';
import { sourceTreeDigest } from '../rootfs/source-tree.ts';
import { contentFingerprint, fingerprintsOf, treeMark } from './build-cache.ts';
import type { Fingerprints } from './build-record.ts';
import type { BuildPlan } from './plan.ts';

/** The recipe and toolchain that a build reads, and the base whose layer is kept. */
interface Read extends Pick<BuildPlan, 'recipe' | 'toolchain'> {
  readonly base?: { readonly recipe: BuildPlan['recipe'] } | undefined;
}

/** A file or folder that a recipe or toolchain names, relative to its own folder. */
interface PathBeside {
  readonly origin: Origin;
  readonly path: string;
}

/** Returns the files and folders beside recipe and toolchain that go into a build of the plan. */
function pathsBeside({ recipe, toolchain, base }: Read): PathBeside[] {
  const { from, files, origin, fromOrigin } = recipe;
  const paths = pathsOf(kindOf(from), sourceOf(from));
  const kind = paths.map((path) => ({ origin: fromOrigin, path }));
  // A base whose layer is kept has files, too, that the recipe replaces.
  const sources = [{ files, origin }, ...(base ? [base.recipe] : [])].flatMap((each) =>
    each.files.flatMap((file) =>
      'source' in file ? [{ origin: file.beside ?? each.origin, path: file.source }] : [],
    ),
  );
  const tools = (toolchain?.files ?? []).flatMap((file) =>
    toolchain !== undefined && 'source' in file
      ? [{ origin: toolchain.origin, path: file.source }]
      : [],
  );
  return [...kind, ...sources, ...tools];
}

/** Returns all folders of which recipe and toolchain take whatever is in them. */
export const foldersTaken = (plan: Read): TakenFolder[] => [
  ...treesBeside(plan),
  ...(plan.recipe.folders ?? []),
  ...(plan.toolchain?.folders ?? []),
];

/** Returns the folders beside the recipe that its kind takes whole. */
function treesBeside({ recipe: { from, fromOrigin } }: Read): TakenFolder[] {
  const trees = kindOf(from).trees?.(sourceOf(from)) ?? [];
  return trees.map((tree) => ({ origin: fromOrigin, tree }));
}

/** Returns the absolute paths that a build of the plan has yet to read. */
function pathsToRead(plan: Read): string[] {
  const { recipe } = plan;
  const name = chosenToolchain(recipe)?.name;
  // A toolchain at this path would take the place of the one that ships with mkbase.
  const own =
    name === undefined ? [] : [join(recipe.fromOrigin.folder, 'toolchains', `${name}.yaml`)];
  return [...own, ...pathsBeside(plan).map(({ origin, path }) => join(origin.folder, path))];
}

/**
 * Takes the fingerprints of everything on this machine that a build of the plan is made from. The
 * recipe and its toolchain have been read already, so they count by the bytes that were read.
 */
export async function fingerprintsBefore(plan: Read): Promise<Fingerprints> {
  const { recipe, toolchain } = plan;
  const read = [recipe.origin, ...recipe.ancestors, ...(toolchain ? [toolchain.origin] : [])];
  const origins = read.map(({ file, sha256 }) => [file, contentFingerprint(sha256)] as const);
  const trees = foldersTaken(plan).map(({ origin, tree: { path, ignore } }) =>
    treeMark({ path: join(origin.folder, path), ignore }),
  );
  const found = await fingerprintsOf([...pathsToRead(plan), ...trees]);
  return { ...found, ...Object.fromEntries(origins) };
}

async function filesBelow(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return [''];
  if (!found?.isDirectory()) return [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => withSlashes(join(entry.parentPath, entry.name).slice(path.length + 1)))
    .sort();
}

async function expand({ origin, path }: PathBeside): Promise<LocalFile[]> {
  const names = await filesBelow(join(origin.folder, path));
  const paths = names.map((name) => posix.join(path, name));
  return Promise.all(
    paths.map(async (each) => ({
      path: each,
      sha256: await sha256OfFile(join(origin.folder, each)),
      beside: origin,
    })),
  );
}

/** Hashes every file beside recipe and toolchain that a build of the plan is made from. Errors: IO. */
export async function localFiles(plan: Read): Promise<LocalFile[]> {
  const named = (await Promise.all(pathsBeside(plan).map(expand))).flat();
  const trees = await Promise.all(
    treesBeside(plan).map(async ({ origin, tree }) => ({
      path: treeName(tree.path),
      sha256: await sourceTreeDigest(origin.folder, tree),
      beside: origin,
    })),
  );
  const files = [...named, ...trees];
  return [...new Map(files.map((file) => [join(file.beside.folder, file.path), file])).values()];
}
