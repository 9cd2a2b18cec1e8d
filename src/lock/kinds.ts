import { join } from 'node:path';
import type { Io } from '../events.ts';
import type { Platform } from '../platform.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { resolveArchive } from '../sources/archive/archive.ts';
import type { DebianContext } from '../sources/debian/context.ts';
import { resolveDebs } from '../sources/debian/debian.ts';
import type { KindLock } from './locked.ts';

/** Pins what a recipe's kind takes from outside; own sources beside the recipe need no pin. */
export async function lockKind(
  { from, origin }: Pick<Recipe, 'from' | 'origin'>,
  platform: Platform,
  context: DebianContext,
  io: Io,
): Promise<KindLock> {
  switch (from.kind) {
    case 'debs': {
      const keyrings = from.debs.keyrings.map((path) => join(origin.folder, path));
      return { debs: await resolveDebs(from.debs, platform, { ...context, keyrings }, io) };
    }
    case 'static': {
      const { archive } = from.static;
      return archive ? { archive: await resolveArchive(archive, origin.folder, context, io) } : {};
    }
  }
}
