import { packageRoot } from '../base/package-root.ts';
import type { ReleaseSupport } from '../base/release-support.ts';
import { builtInRecipes, builtInToolchains, type Found } from './find.ts';
import { kindIn, sourceOf } from './kind.ts';
import { readRecipe, readToolchain } from './load.ts';
import type { Loading, Recipe, Toolchain } from './recipe.ts';

/** One line of `mkbase list`. */
export interface Listed {
  readonly name: string;
  /** Empty when the file has none. */
  readonly description: string;
  readonly kind: string;
  /** Support of the release that packages come from; left out where there is none, or none is known. */
  readonly support?: ReleaseSupport;
  /** Absolute path of the YAML file. */
  readonly file: string;
}

/** The kinds that recipes can be of, and the folder that holds `recipes/` and `toolchains/`. */
type ListedFrom = Pick<Loading, 'kinds' | 'root'> & { readonly now: Date };

function line(
  { name }: Found,
  { description = '', from, origin }: Recipe | Toolchain,
  { kinds, now }: ListedFrom,
): Listed {
  const support = kindIn(kinds, from).support?.(sourceOf(from), now);
  const { kind } = from;
  return { name, description, kind, ...(support && { support }), file: origin.file };
}

/**
 * Lists the recipes that ship with mkbase, by name. Throws RECIPE_INVALID when one of them is broken.
 */
export async function listRecipes(listed: ListedFrom): Promise<Listed[]> {
  const { kinds, root = packageRoot } = listed;
  const search = { cwd: root, kinds, root, inside: [] };
  const found = await builtInRecipes(root);
  return Promise.all(found.map(async (each) => line(each, await readRecipe(each, search), listed)));
}

/**
 * Lists the toolchains that ship with mkbase, by name. Throws RECIPE_INVALID when one of them is
 * broken.
 */
export async function listToolchains(listed: ListedFrom): Promise<Listed[]> {
  const { kinds, root = packageRoot } = listed;
  const found = await builtInToolchains(root);
  const loading = { cwd: root, kinds };
  return Promise.all(
    found.map(async (each) => line(each, await readToolchain(each, loading), listed)),
  );
}
