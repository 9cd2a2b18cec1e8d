import { packageRoot } from '../base/package-root.ts';
import { builtInRecipes, builtInToolchains, type Found } from './find.ts';
import { readRecipe, readToolchain } from './load.ts';
import type { Loading, Recipe, Toolchain } from './recipe.ts';

/** One line of `mkbase list`. */
export interface Listed {
  readonly name: string;
  /** Empty when the file has none. */
  readonly description: string;
  readonly kind: string;
  /** Absolute path of the YAML file. */
  readonly file: string;
}

/** The kinds that recipes can be of, and the folder that holds `recipes/` and `toolchains/`. */
type ListedFrom = Pick<Loading, 'kinds' | 'root'>;

const line = ({ name }: Found, { description = '', from, origin }: Recipe | Toolchain): Listed => ({
  name,
  description,
  kind: from.kind,
  file: origin.file,
});

/**
 * Lists the recipes that ship with mkbase, by name. Throws RECIPE_INVALID when one of them is broken.
 */
export async function listRecipes({ kinds, root = packageRoot }: ListedFrom): Promise<Listed[]> {
  const search = { cwd: root, kinds, root, inside: [] };
  const found = await builtInRecipes(root);
  return Promise.all(found.map(async (each) => line(each, await readRecipe(each, search))));
}

/**
 * Lists the toolchains that ship with mkbase, by name. Throws RECIPE_INVALID when one of them is
 * broken.
 */
export async function listToolchains({ kinds, root = packageRoot }: ListedFrom): Promise<Listed[]> {
  const found = await builtInToolchains(root);
  const loading = { cwd: root, kinds };
  return Promise.all(found.map(async (each) => line(each, await readToolchain(each, loading))));
}
