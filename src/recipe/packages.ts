import { treesAt } from './check-files.ts';
import type { Mistake } from './diagnostics/recipe-error.ts';
import type { Tree } from './diagnostics/yaml-tree.ts';
import { type From, kindIn, type RecipeKind, sourceOf, withSource } from './kind.ts';
import type { Recipe } from './recipe.ts';

/** Reports `packages:` of a kind that can add none, or none of that name. */
export function checkPackages(
  { from, packages }: Pick<Recipe, 'from' | 'packages'>,
  tree: Tree,
  kinds: readonly RecipeKind[],
): Mistake[] {
  const added = kindIn(kinds, from).packages;
  const problem = packages.length > 0 ? added.problem?.(sourceOf(from)) : undefined;
  const own = tree.fields?.get('packages');
  if (problem !== undefined && own !== undefined) return [{ span: own.key, ...problem }];
  return treesAt(tree, 'packages.*').flatMap(({ span, value }) => {
    const checked = added.form?.safeParse(value);
    return checked?.error === undefined
      ? []
      : [{ span, message: checked.error.issues[0]!.message }];
  });
}

/** Joins `packages:` to the list of a kind that is a list of packages itself. */
export function withPackages(
  from: From,
  packages: readonly string[],
  kinds: readonly RecipeKind[],
): From {
  const { join } = kindIn(kinds, from).packages;
  return join === undefined ? from : withSource(from, join(sourceOf(from), packages));
}
