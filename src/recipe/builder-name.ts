import type { Recipe } from './recipe.ts';

/** The builder for work on whole root filesystems: it has a shell, tar and chroot. */
const rootfsBuilder = 'rootfs';

function ofKind({ from, packages }: Pick<Recipe, 'from' | 'packages'>): string | undefined {
  switch (from.kind) {
    case 'static':
      return from.static.toolchain;
    case 'debootstrap':
      return 'debootstrap';
    case 'apk':
      return rootfsBuilder;
    case 'minirootfs':
      return packages.length > 0 ? rootfsBuilder : undefined;
    case 'debs':
      return undefined;
  }
}

/**
 * The toolchain that a recipe is built with; undefined for one that needs none. Commands under `run:`
 * use the one that the kind has already.
 */
export function builderName(recipe: Pick<Recipe, 'from' | 'packages' | 'run'>): string | undefined {
  return ofKind(recipe) ?? (recipe.run.length > 0 ? rootfsBuilder : undefined);
}
