import { join } from 'node:path';
import type { Lock } from '../lock/locked.ts';
import type { DebianContext } from '../packages/deb/archive/context.ts';
import type { LockedDebs } from '../packages/deb/locked.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** Locked packages, and whose keys they are held against. */
export interface DebSet {
  readonly debs: LockedDebs;
  readonly context: DebianContext;
}

/** Whose keys a recipe's own packages are held against. */
function believing({ from, fromOrigin }: Recipe, debian: DebianContext): DebianContext {
  const beside = (paths: readonly string[]) => paths.map((path) => join(fromOrigin.folder, path));
  if (from.kind === 'debs') return { ...debian, keyrings: beside(from.debs.keyrings) };
  if (from.kind !== 'debootstrap') return debian;
  const { distro, keyrings } = from.debootstrap;
  return { ...debian, distribution: distro, keyrings: beside(keyrings) };
}

/** The sets of .debs that a lock pins: the image's and the builder's. */
export function debSets(recipe: Recipe, lock: Lock, debian: DebianContext): DebSet[] {
  const { debs, toolchain, archive } = lock;
  const named = archive?.trust.by === 'index' ? archive.trust.index : undefined;
  return [
    ...(debs ? [{ debs, context: believing(recipe, debian) }] : []),
    ...(toolchain ? [{ debs: toolchain.debs, context: debian }] : []),
    ...(named ? [{ debs: { indexes: [named], packages: [] }, context: debian }] : []),
  ];
}
