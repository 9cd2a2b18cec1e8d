import { join } from 'node:path';
import { builderName, kindOf } from '../kinds/kinds.ts';
import { pathsOf, sourceOf } from '../recipe/kind.ts';
import type { Origin } from '../recipe/recipe.ts';
import { contentFingerprint, type Fingerprints, fingerprintsOf } from './build-cache.ts';
import type { BuildPlan } from './plan.ts';

/** What a build of a plan is made from. */
type Read = Pick<BuildPlan, 'recipe' | 'toolchain'>;

/** A file or folder that a recipe or toolchain names, relative to its own folder. */
export interface PathBeside {
  readonly origin: Origin;
  readonly path: string;
}

/** What stands beside recipe and toolchain and goes into a build of the plan. */
export function pathsBeside({ recipe, toolchain }: Read): PathBeside[] {
  const { from, files, origin, fromOrigin } = recipe;
  const paths = pathsOf(kindOf(from), sourceOf(from));
  const kind = paths.map((path) => ({ origin: fromOrigin, path }));
  const sources = files.flatMap((file) =>
    'source' in file ? [{ origin: file.beside ?? origin, path: file.source }] : [],
  );
  const tools = (toolchain?.files ?? []).flatMap((file) =>
    toolchain !== undefined && 'source' in file
      ? [{ origin: toolchain.origin, path: file.source }]
      : [],
  );
  return [...kind, ...sources, ...tools];
}

/** Absolute paths of what a build of the plan has yet to read. */
function pathsToRead(plan: Read): string[] {
  const { recipe } = plan;
  const name = builderName(recipe);
  // A toolchain that is put there takes the place of the one that ships with mkbase.
  const own =
    name === undefined ? [] : [join(recipe.fromOrigin.folder, 'toolchains', `${name}.yaml`)];
  return [...own, ...pathsBeside(plan).map(({ origin, path }) => join(origin.folder, path))];
}

/**
 * Takes the fingerprints of everything on this machine that a build of the plan is made from. The recipe
 * and its toolchain have been read already, so they count by the bytes that were read.
 */
export async function fingerprintsBefore(plan: Read): Promise<Fingerprints> {
  const { recipe, toolchain } = plan;
  const read = [recipe.origin, ...recipe.ancestors, ...(toolchain ? [toolchain.origin] : [])];
  const origins = read.map(({ file, sha256 }) => [file, contentFingerprint(sha256)] as const);
  return { ...(await fingerprintsOf(pathsToRead(plan))), ...Object.fromEntries(origins) };
}
