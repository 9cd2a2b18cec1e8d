import { MkbaseError } from '../base/errors.ts';
import { packageVersion } from '../base/package-root.ts';
import { loadBuilder, loadRecipe } from '../kinds/kinds.ts';
import type { Lock } from '../lock/schema.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { FindRecipe, RecipeAtHand } from '../verify/recipe-at-hand.ts';
import type { ToldRecipe } from '../verify/told-recipe.ts';
import { builderFor } from './builder.ts';
import { localFiles } from './local-files.ts';

/** Returns the reason why a recipe that evidence names cannot be looked for. */
function obstacle({ recipe, builtIn, version }: ToldRecipe): string | undefined {
  if (!builtIn) return `${recipe.name} is a recipe of your own; --recipe says where it is`;
  if (version === packageVersion) return undefined;
  return `${recipe.name} shipped with mkbase ${version}, and this is ${packageVersion}`;
}

const wordOf = ({ recipe: { name }, release }: ToldRecipe): string =>
  release === undefined ? name : `${name}:${release}`;

/** Loads the recipe that evidence names; resolves to the reason where this mkbase has none of that name. */
async function loadTold(told: ToldRecipe, cwd: string): Promise<Recipe | string> {
  try {
    return await loadRecipe(wordOf(told), cwd);
  } catch (error) {
    if (error instanceof MkbaseError && error.code !== 'IO') return error.message;
    throw error;
  }
}

async function atHand(
  called: string,
  recipe: Recipe,
  lock: Lock,
  cwd: string,
  keepsBase: boolean,
): Promise<RecipeAtHand> {
  const toolchain = await loadBuilder(recipe, cwd, {
    target: lock.platform,
    machine: lock.toolchain?.platform ?? lock.platform,
  });
  const builder =
    toolchain && lock.toolchain && (await builderFor(toolchain, lock.toolchain, lock.platform));
  const { base: below } = recipe;
  const base = keepsBase && below ? { recipe: below } : undefined;
  return {
    ...{ called, recipe, toolchain, builder: builder?.reference },
    localFiles: await localFiles({ recipe, toolchain, base }),
  };
}

/**
 * Returns what finds the recipe of a build: at the path that a person named or, if it ships with this
 * version of mkbase, by its name. Errors: RECIPE_* and USAGE for a path that was named, IO.
 */
export const recipeFinder =
  (named: string | undefined, cwd: string): FindRecipe =>
  async (told, lock) => {
    const { keepsBase } = told;
    if (named !== undefined) {
      return atHand(`the recipe ${named}`, await loadRecipe(named, cwd), lock, cwd, keepsBase);
    }
    const recipe = obstacle(told) ?? (await loadTold(told, cwd));
    if (typeof recipe === 'string') return recipe;
    return atHand(
      `the recipe ${wordOf(told)} of mkbase ${packageVersion}`,
      recipe,
      lock,
      cwd,
      keepsBase,
    );
  };
