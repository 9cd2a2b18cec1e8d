import { treesAt } from './check-files.ts';
import type { Mistake } from './diagnostics/recipe-error.ts';
import type { Tree } from './diagnostics/yaml-tree.ts';
import { packageName } from './fields.ts';
import type { From } from './kinds.ts';
import type { Recipe } from './recipe.ts';

/** Why `packages:` cannot be had on top of a kind, and what can be done; undefined when it can. */
function packagesProblem(from: From): { message: string; hint: string } | undefined {
  switch (from.kind) {
    case 'debs':
    case 'debootstrap':
    case 'apk':
      return undefined;
    case 'minirootfs':
      return 'distro' in from.minirootfs
        ? undefined
        : {
            message: 'packages cannot be added to an archive by URL',
            hint: 'mkbase knows the package indexes of a "distro" only; name that instead of "url"',
          };
    case 'static':
      return {
        message:
          'packages cannot be added to a static program: nothing in its rootfs installs them',
        hint: 'what it is linked with belongs into its toolchain; for an image of packages use "from: { debs: … }"',
      };
  }
}

/** `packages:` of a kind that has no way to add any, or to add one of that name. */
export function checkPackages(
  { from, packages }: Pick<Recipe, 'from' | 'packages'>,
  tree: Tree,
): Mistake[] {
  const problem = packages.length > 0 ? packagesProblem(from) : undefined;
  const own = tree.fields?.get('packages');
  if (problem !== undefined && own !== undefined) return [{ span: own.key, ...problem }];
  if (from.kind !== 'debs') return [];
  return treesAt(tree, 'packages.*').flatMap(({ span, value }) => {
    const { success, error } = packageName.safeParse(value);
    return success ? [] : [{ span, message: error.issues[0]!.message }];
  });
}

/** `packages:` of a recipe whose kind is a list of packages itself become part of that list. */
export function withPackages(from: From, packages: readonly string[]): From {
  const all = (own: readonly string[]) => [...new Set([...own, ...packages])];
  if (from.kind === 'debs') {
    return { ...from, debs: { ...from.debs, packages: all(from.debs.packages) } };
  }
  if (from.kind === 'apk') {
    return { ...from, apk: { ...from.apk, packages: all(from.apk.packages) } };
  }
  return from;
}
