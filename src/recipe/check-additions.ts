import { quoted } from '../base/characters.ts';
import { treesAt } from './check.ts';
import type { Mistake } from './diagnostics/recipe-error.ts';
import type { Tree } from './diagnostics/yaml-tree.ts';
import { type From, kindIn, type RecipeKind, sourceOf, withSource } from './kind.ts';
import type { Recipe } from './recipe.ts';
import type { Accounts } from './schema/overlays.ts';

interface Account {
  readonly name: string;
  /** Its uid or gid. */
  readonly id: number;
}

/**
 * Finds accounts whose name or number is taken; `own` are the last of `all`, after the inherited ones.
 */
function takenAmong(all: readonly Account[], own: readonly Tree[], number: 'uid' | 'gid') {
  const inherited = all.length - own.length;
  return own.flatMap((tree, at): Mistake[] => {
    const { name, id } = all[inherited + at]!;
    const before = all.slice(0, inherited + at);
    const holder = before.findIndex((other) => other.name === name || other.id === id);
    if (holder === -1) return [];
    const taken = before[holder]!;
    const field = taken.name === name ? 'name' : number;
    const where = holder < inherited ? ', in a recipe that this one adds to' : '';
    return [
      {
        span: (tree.fields?.get(field)?.tree ?? tree).span,
        message: `the ${field} ${field === 'name' ? quoted(name) : id} is taken`,
        hint: `${taken.name} has the ${number} ${taken.id} already${where}`,
      },
    ];
  });
}

/** Reports accounts of a recipe, and of those that it extends, that share a name or a number. */
export const checkAccounts = ({ users, groups }: Accounts, tree: Tree): Mistake[] => [
  ...takenAmong(
    users.map(({ name, uid }) => ({ name, id: uid })),
    treesAt(tree, 'accounts.users.*'),
    'uid',
  ),
  ...takenAmong(
    groups.map(({ name, gid }) => ({ name, id: gid })),
    treesAt(tree, 'accounts.groups.*'),
    'gid',
  ),
];

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
  const form = added.form?.(sourceOf(from));
  return treesAt(tree, 'packages.*').flatMap(({ span, value }) => {
    const checked = form?.safeParse(value);
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
