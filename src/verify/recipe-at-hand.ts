import { differences } from '../base/json-differences.ts';
import type { ToolchainRef } from '../engines/step.ts';
import type { LocalFile } from '../evidence/provenance/dependencies.ts';
import { askedBy } from '../lock/request.ts';
import type { Lock } from '../lock/schema.ts';
import type { Recipe, Toolchain } from '../recipe/recipe.ts';
import type { Check } from './report.ts';
import type { ToldRecipe } from './told-recipe.ts';

/** The recipe of a build with its toolchain, as they are on this machine. */
export interface RecipeAtHand {
  /** Names it in messages, for instance `the recipe hello of mkbase 1.0.0`. */
  readonly called: string;
  readonly recipe: Recipe;
  readonly toolchain: Toolchain | undefined;
  /** The builder that toolchain and lock make; undefined for a recipe without one. */
  readonly builder: ToolchainRef | undefined;
  /** The files beside recipe and toolchain. */
  readonly localFiles: readonly LocalFile[];
}

/** Finds the recipe of a build; resolves to the reason why it is not at hand where it is not. */
export type FindRecipe = (told: ToldRecipe, lock: Lock) => Promise<RecipeAtHand | string>;

const what = 'lock.json and provenance.json against the recipe';

/** Checks that a lock is for what a recipe asks for. */
export function checkAsked(lock: Lock, { recipe, toolchain, called }: RecipeAtHand): Check {
  const asked = JSON.parse(JSON.stringify(askedBy({ recipe, toolchain, platform: lock.platform })));
  const found = differences(lock.asked, asked, 'asked');
  const mismatches = found.map((each) => ({ file: 'lock.json', ...each, from: called }));
  return { what: `lock.json and provenance.json against ${called}`, mismatches };
}

/** Says that the recipe is not at hand. */
export const recipeNotAtHand = (reason: string): Check => ({
  what,
  mismatches: [],
  skipped: reason,
});
