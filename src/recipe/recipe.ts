import { packageRoot } from '../package-root.ts';
import type { RecipeFields, ToolchainFields } from './schema.ts';

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

/** What is wanted: a recipe's checked fields and where they came from. */
export interface Recipe extends RecipeFields {
  readonly origin: Origin;
  /** The release that was chosen with the name, as in `alpine:3.20`; else the recipe says which. */
  readonly release?: string;
}

/** A builder: its rootfs as a `debs` recipe, and how its compiler is called. */
export interface Toolchain extends ToolchainFields {
  readonly origin: Origin;
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
