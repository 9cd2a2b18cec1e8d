import { join } from 'node:path';
import { builderName } from '../recipe/builder-name.ts';
import type { From } from '../recipe/kinds.ts';
import type { Origin } from '../recipe/recipe.ts';
import { contentLook, type Looks, looksOf } from './build-cache.ts';
import type { BuildPlan } from './plan.ts';

/** What a build of a plan is made from. */
type Read = Pick<BuildPlan, 'recipe' | 'toolchain'>;

/** Paths beside the recipe that its kind names. */
function pathsOfKind(from: From): readonly string[] {
  switch (from.kind) {
    case 'debs':
      return from.debs.keyrings;
    case 'minirootfs':
      return 'url' in from.minirootfs && from.minirootfs.signature
        ? [from.minirootfs.signature.key]
        : [];
    case 'debootstrap':
      return from.debootstrap.keyrings;
    case 'apk':
      return from.apk.keys;
    case 'static': {
      const { sources = [], include, archive } = from.static;
      const key = archive && 'url' in archive ? archive.signature?.key : undefined;
      return [...sources, ...include, ...(key ? [key] : [])];
    }
  }
}

/** A file or folder that a recipe or toolchain names, relative to its own folder. */
export interface PathBeside {
  readonly origin: Origin;
  readonly path: string;
}

/** What stands beside recipe and toolchain and goes into a build of the plan. */
export function pathsBeside({ recipe, toolchain }: Read): PathBeside[] {
  const { from, files, origin, fromOrigin } = recipe;
  const kind = pathsOfKind(from).map((path) => ({ origin: fromOrigin, path }));
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
 * What everything on this machine that a build of the plan is made from looks like now. The recipe
 * and its toolchain have been read already, so they count by the bytes that were read.
 */
export async function looksBefore(plan: Read): Promise<Looks> {
  const { recipe, toolchain } = plan;
  const read = [recipe.origin, ...recipe.ancestors, ...(toolchain ? [toolchain.origin] : [])];
  const origins = read.map(({ file, sha256 }) => [file, contentLook(sha256)] as const);
  return { ...(await looksOf(pathsToRead(plan))), ...Object.fromEntries(origins) };
}
