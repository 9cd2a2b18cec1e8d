import { packageRoot } from '../base/package-root.ts';
import type { Found } from './find.ts';
import type { Kind } from './kinds.ts';
import type { Recipe, Toolchain } from './recipe.ts';

/** One line of `mkbase list`. */
export interface Listed {
  readonly name: string;
  /** Empty when the file has none. */
  readonly description: string;
  readonly kind: Kind;
  /** Absolute path of the YAML file. */
  readonly file: string;
}

const line = ({ name }: Found, { description = '', from, origin }: Recipe | Toolchain): Listed => ({
  name,
  description,
  kind: from.kind,
  file: origin.file,
});

/** The recipes that ship with mkbase, by name. Throws RECIPE_INVALID when one of them is broken. */
export async function listRecipes(root: string = packageRoot): Promise<Listed[]> {
  const [{ builtInRecipes }, { readRecipe }] = await Promise.all([
    import('./find.ts'),
    import('./load.ts'),
  ]);
  const search = { cwd: root, root, inside: [] };
  const found = await builtInRecipes(root);
  return Promise.all(found.map(async (each) => line(each, await readRecipe(each, search))));
}

/** The toolchains that ship with mkbase, by name. Throws RECIPE_INVALID when one of them is broken. */
export async function listToolchains(root: string = packageRoot): Promise<Listed[]> {
  const [{ builtInToolchains }, { readToolchain }] = await Promise.all([
    import('./find.ts'),
    import('./load.ts'),
  ]);
  const found = await builtInToolchains(root);
  return Promise.all(found.map(async (each) => line(each, await readToolchain(each, root))));
}
