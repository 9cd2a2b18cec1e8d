import { MkbaseError } from '../base/errors.ts';
import { packageRoot } from '../base/package-root.ts';
import { builderName } from './builder-name.ts';
import type { From } from './kinds.ts';
import type { FileOverlay } from './overlays.ts';
import type { RecipeFields, ToolchainFields, ToolchainSettings } from './schema.ts';

/** Where a recipe stands and what its file held, so that others can point back at it. */
export interface Origin {
  /** Absolute path of the YAML file. */
  readonly file: string;
  /** Absolute path of the folder that the recipe's own paths start from. */
  readonly folder: string;
  /** Whether it ships with mkbase. */
  readonly builtIn: boolean;
  /** sha256 of the file's bytes, hexadecimal. */
  readonly sha256: string;
}

/** A line of `files:`; `beside` is the recipe that it was inherited from, whose folder its source is in. */
export type RecipeFile = FileOverlay & { readonly beside?: Origin };

/** What is wanted: a recipe's checked fields, with those of the recipes that it adds to, and where they came from. */
export interface Recipe extends Omit<RecipeFields, 'from' | 'extends' | 'files'> {
  readonly from: From;
  readonly files: readonly RecipeFile[];
  readonly origin: Origin;
  /** The recipe that holds `from`: the paths in it start from that one's folder. */
  readonly fromOrigin: Origin;
  /** The recipes that this one adds to, the nearest first. */
  readonly ancestors: readonly Origin[];
  /** The release that was chosen with the name, as in `alpine:3.20`; else the recipe says which. */
  readonly release?: string;
}

/** A builder: its rootfs as a `debs` recipe, and how its compiler is called where it has one. */
export interface Toolchain extends ToolchainFields {
  readonly origin: Origin;
}

/** How a toolchain's compiler is called. Throws RECIPE_INVALID for one that has none. */
export function compilerOf({ name, origin, toolchain }: Toolchain): ToolchainSettings {
  if (toolchain !== undefined) return toolchain;
  throw new MkbaseError({
    code: 'RECIPE_INVALID',
    message: `${origin.file}: the toolchain ${name} has no compiler: it says nothing under "toolchain".`,
    hint: 'Name one that compiles, for instance gcc-musl, or add the block.',
    about: [name],
  });
}

/**
 * Loads a recipe: one that ships with mkbase by its name, any other by the path of its file or of a
 * folder that holds recipe.yaml (something with a slash, ending in .yaml or .yml, or "."). A bare name
 * always means the one that ships with mkbase, and after it a colon and a release may stand.
 *
 * Paths start from `cwd`; `root` holds `recipes/` and `toolchains/`. Throws RECIPE_NOT_FOUND,
 * RECIPE_INVALID (a RecipeError, which lists every mistake), USAGE for a release that cannot be, or IO.
 */
export async function loadRecipe(
  nameOrPath: string,
  cwd: string,
  root: string = packageRoot,
): Promise<Recipe> {
  const load = await import('./load.ts');
  return load.loadRecipe(nameOrPath, cwd, root);
}

/** Loads the builder that a recipe needs; undefined when it needs none. Errors as loadRecipe. */
export async function loadBuilder(
  recipe: Recipe,
  root: string = packageRoot,
): Promise<Toolchain | undefined> {
  const name = builderName(recipe);
  return name === undefined ? undefined : loadToolchain(name, recipe.fromOrigin, root);
}

/**
 * Loads the toolchain that a recipe names: `toolchains/<name>.yaml` beside the recipe, else the one
 * that ships with mkbase. Errors as loadRecipe.
 */
export async function loadToolchain(
  name: string,
  from: Origin,
  root: string = packageRoot,
): Promise<Toolchain> {
  const load = await import('./load.ts');
  return load.loadToolchain(name, from, root);
}
