import { kindIn, type RecipeKind, sourceOf } from './kind.ts';
import type { Recipe } from './recipe.ts';

/** The builder for work on whole root filesystems: it has a shell, tar and chroot. */
export const rootfsBuilder = 'rootfs';

/**
 * Returns the name of the toolchain that a recipe is built with; undefined for one that needs none.
 * Commands under `run:` use the one that the kind has already.
 */
export function builderName(
  { from, packages, run }: Pick<Recipe, 'from' | 'packages' | 'run'>,
  kinds: readonly RecipeKind[],
): string | undefined {
  const ofKind = kindIn(kinds, from).builder(sourceOf(from), packages);
  return ofKind ?? (run.length > 0 ? rootfsBuilder : undefined);
}
