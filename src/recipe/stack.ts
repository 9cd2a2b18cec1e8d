import { quoted } from '../base/characters.ts';
import { treesAt } from './check.ts';
import type { Mistake } from './diagnostics/recipe-error.ts';
import type { Tree } from './diagnostics/yaml-tree.ts';
import { type From, type KindProblem, kindIn, pathsOf, type RecipeKind, sourceOf } from './kind.ts';
import type { Origin, Recipe } from './recipe.ts';

/** Returns `from:` of a tree that is laid over another. `below` is the number of recipes of the base. */
export function stacked(base: From, top: From, below: number, kinds: readonly RecipeKind[]): From {
  const kind = kinds.find(({ stacks }) => stacks !== undefined);
  if (kind?.stacks === undefined) throw new Error('no kind lays one tree over another');
  return { kind: kind.name, [kind.name]: kind.stacks(base, top, below) };
}

/** Returns the reason why nothing can be laid over a recipe; undefined when it can be. */
function problemOf(
  { name, from, packages, fromOrigin }: Recipe,
  origin: Origin,
  kinds: readonly RecipeKind[],
): KindProblem | undefined {
  const kind = kindIn(kinds, from);
  const source = sourceOf(from);
  if (kind.laidOver || kind.stacks !== undefined) {
    return {
      message: `expected a recipe of packages or of an archive: ${quoted(name)} brings a program of its own`,
      hint: 'extend the recipe that it stands on, and build both programs in one recipe, or take "from" out',
    };
  }
  const [beside] = [
    ...pathsOf(kind, source),
    ...(kind.trees?.(source) ?? []).map(({ path }) => path),
  ];
  if (beside !== undefined && fromOrigin.folder !== origin.folder) {
    return {
      message: `${quoted(name)} names ${quoted(beside)} beside it, and lies in another folder than this recipe`,
      hint: 'put both recipes into one folder',
    };
  }
  if (kind.builder(source, packages) === undefined || kind.tools !== undefined) return undefined;
  return {
    message: `${quoted(name)} is made from ${kind.name}, which needs a builder of its own`,
    hint: 'name another base',
  };
}

/** Reports a recipe under `extends` that the tree of this one's `from` cannot be laid over. */
export function checkStack(
  base: Recipe,
  origin: Origin,
  tree: Tree,
  kinds: readonly RecipeKind[],
): Mistake | undefined {
  const problem = problemOf(base, origin, kinds);
  const [at] = treesAt(tree, 'extends');
  return problem && { span: at?.span ?? tree.span, ...problem };
}
