import { type From, kindIn, sourceOf } from '../recipe/kind.ts';
import * as list from '../recipe/list.ts';
import * as load from '../recipe/load.ts';
import type { Recipe, Toolchain } from '../recipe/recipe.ts';
import { type Kind, rootfsBuilder } from './contract.ts';
import { kindModules } from './registry.ts';

/** Every kind, loaded but for the half that builds. */
export const kinds: readonly Kind[] = await Promise.all(
  Object.values(kindModules).map((module): Promise<Kind> => module()),
);

/** Returns the kind of a checked `from:`, or of a part of a lock. */
export const kindOf = (from: From): Kind => kindIn(kinds, from);

/** Loads a recipe of any kind. See recipe/load.ts. */
export const loadRecipe = (nameOrPath: string, cwd: string, root?: string): Promise<Recipe> =>
  load.loadRecipe(nameOrPath, { cwd, kinds, ...(root !== undefined && { root }) });

/**
 * Returns the name of the toolchain that a recipe is built with; undefined for one that needs none.
 * Commands under `run:` use the one that the kind has already.
 */
export function builderName({
  from,
  packages,
  run,
}: Pick<Recipe, 'from' | 'packages' | 'run'>): string | undefined {
  const ofKind = kindOf(from).builder(sourceOf(from), packages);
  return ofKind ?? (run.length > 0 ? rootfsBuilder : undefined);
}

/** Loads the builder of a recipe; undefined for a recipe that needs none. See recipe/load.ts. */
export async function loadBuilder(
  recipe: Recipe,
  cwd: string,
  root?: string,
): Promise<Toolchain | undefined> {
  const name = builderName(recipe);
  if (name === undefined) return undefined;
  const loading = { cwd, kinds, ...(root !== undefined && { root }) };
  return load.loadToolchain(name, recipe.fromOrigin, loading);
}

/** Lists the recipes that ship with mkbase. See recipe/list.ts. */
export const listRecipes = (root?: string): Promise<list.Listed[]> =>
  list.listRecipes({ kinds, ...(root !== undefined && { root }) });

/** Lists the toolchains that ship with mkbase. See recipe/list.ts. */
export const listToolchains = (root?: string): Promise<list.Listed[]> =>
  list.listToolchains({ kinds, ...(root !== undefined && { root }) });
