import { type From, kindIn } from '../recipe/kind.ts';
import * as list from '../recipe/list.ts';
import * as load from '../recipe/load.ts';
import type { Recipe, Toolchain } from '../recipe/recipe.ts';
import type { Kind } from './contract.ts';
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

/** Loads the builder of a recipe; undefined for a recipe that needs none. See recipe/load.ts. */
export const loadBuilder = (
  recipe: Recipe,
  cwd: string,
  root?: string,
): Promise<Toolchain | undefined> =>
  load.loadBuilder(recipe, { cwd, kinds, ...(root !== undefined && { root }) });

/** Lists the recipes that ship with mkbase. See recipe/list.ts. */
export const listRecipes = (root?: string): Promise<list.Listed[]> =>
  list.listRecipes({ kinds, ...(root !== undefined && { root }) });

/** Lists the toolchains that ship with mkbase. See recipe/list.ts. */
export const listToolchains = (root?: string): Promise<list.Listed[]> =>
  list.listToolchains({ kinds, ...(root !== undefined && { root }) });
