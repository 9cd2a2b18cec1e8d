import { MkbaseError } from '../base/errors.ts';
import {
  hostPlatformNames,
  type Platform,
  type PlatformName,
  platforms,
} from '../base/platform.ts';
import { type From, kindIn, sourceOf, withSource } from '../recipe/kind.ts';
import * as list from '../recipe/list.ts';
import * as load from '../recipe/load.ts';
import type { Recipe, Toolchain } from '../recipe/recipe.ts';
import { type Kind, rootfsBuilder } from './contract.ts';
import { kindModules } from './registry.ts';
import { stackOf } from './stack/stack.ts';

/** The kinds that recipes name, loaded but for the half that builds. */
export const kinds: readonly Kind[] = await Promise.all(
  Object.values(kindModules).map((module): Promise<Kind> => module()),
);

/** All kinds: also the one that lays the tree of one over that of another. */
export const allKinds: readonly Kind[] = [...kinds, stackOf(kinds) as Kind];

/** Returns the kind of a checked `from:`, or of a part of a lock. */
export const kindOf = (from: From): Kind => kindIn(allKinds, from);

/** Loads a recipe of any kind. See recipe/load.ts. */
export const loadRecipe = (nameOrPath: string, cwd: string, root?: string): Promise<Recipe> =>
  load.loadRecipe(nameOrPath, { cwd, kinds: allKinds, ...(root !== undefined && { root }) });

/** A toolchain that a recipe is built with. */
interface ChosenToolchain {
  readonly name: string;
  /** Packages that it has besides its own. */
  readonly tools: readonly string[];
  /** True for one that has to run on the image's own platform. */
  readonly onTarget?: true;
}

/**
 * Returns the toolchain that a recipe is built with; undefined for one that needs none. Commands under `run:`
 * use the one that the kind has already.
 */
export function chosenToolchain({
  from,
  packages,
  run,
}: Pick<Recipe, 'from' | 'packages' | 'run'>): ChosenToolchain | undefined {
  const ofKind = kindOf(from).builder(sourceOf(from), packages);
  const choice = ofKind ?? (run.length > 0 ? rootfsBuilder : undefined);
  if (typeof choice === 'object') {
    const { extends: name, packages: tools, onTarget } = choice;
    return { name, tools, ...(onTarget && { onTarget }) };
  }
  return choice === undefined ? undefined : { name: choice, tools: [] };
}

/** Adds packages to a toolchain. Throws RECIPE_INVALID for one of a kind that takes none. */
function withTools(
  toolchain: Toolchain,
  tools: readonly string[],
  target: Platform | undefined,
): Toolchain {
  if (tools.length === 0) return toolchain;
  const { name, from, origin } = toolchain;
  const { withTools } = kindOf(from);
  if (withTools !== undefined) {
    return { ...toolchain, from: withSource(from, withTools(sourceOf(from), tools, target)) };
  }
  throw new MkbaseError({
    code: 'RECIPE_INVALID',
    message: `${origin.file}: the toolchain ${name} is made from ${from.kind}, to which no packages can be added.`,
    about: [name],
  });
}

/** The platform that an image is for, and that of the machine that builds it. */
export interface Machines {
  readonly target: PlatformName;
  readonly machine: PlatformName;
}

/** Returns the target of a compiler that runs on the machine; undefined where it runs on the target itself. */
function crossTarget({ onTarget }: ChosenToolchain, { target, machine }: Machines) {
  const runsOn = hostPlatformNames.find((name) => name === machine);
  return onTarget || target === machine || runsOn === undefined ? undefined : { target, runsOn };
}

/**
 * Loads the builder of a recipe; undefined for a recipe that needs none. For another platform than the machine's
 * it is one that compiles on the machine, if the toolchain has such a one; without `machines` it runs on the image's
 * own platform. See recipe/load.ts.
 */
export async function loadBuilder(
  recipe: Recipe,
  cwd: string,
  machines?: Machines,
  root?: string,
): Promise<Toolchain | undefined> {
  const chosen = chosenToolchain(recipe);
  if (chosen === undefined) return undefined;
  const loading = { cwd, kinds: allKinds, ...(root !== undefined && { root }) };
  const { name, tools } = chosen;
  const cross = machines && crossTarget(chosen, machines);
  const crossing =
    cross && (await load.loadCrossToolchain(name, recipe.fromOrigin, cross, loading));
  const toolchain = crossing ?? (await load.loadToolchain(name, recipe.fromOrigin, loading));
  return withTools(toolchain, tools, cross && crossing && platforms[cross.target]);
}

/** Loads the toolchain for work on whole root filesystems, for a recipe that is made without a builder. */
export const loadRootfsBuilder = (recipe: Recipe, cwd: string): Promise<Toolchain> =>
  load.loadToolchain(rootfsBuilder, recipe.fromOrigin, { cwd, kinds: allKinds });

/** Lists the recipes that ship with mkbase. See recipe/list.ts. */
export const listRecipes = (now: Date, root?: string): Promise<list.Listed[]> =>
  list.listRecipes({ kinds: allKinds, now, ...(root !== undefined && { root }) });

/** Lists the toolchains that ship with mkbase. See recipe/list.ts. */
export const listToolchains = (now: Date, root?: string): Promise<list.Listed[]> =>
  list.listToolchains({ kinds: allKinds, now, ...(root !== undefined && { root }) });
