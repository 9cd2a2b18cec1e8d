import { join } from 'node:path';
import type { Io } from '../events.ts';
import type { Platform } from '../platform.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { resolveArchive } from '../sources/archive/archive.ts';
import type { SourceContext } from '../sources/context.ts';
import { resolveDebs } from '../sources/debian/debian.ts';
import { resolveMinirootfs } from '../sources/minirootfs/minirootfs.ts';
import type { KindLock } from './locked.ts';

/** Pins what a recipe's kind takes from outside; own sources beside the recipe need no pin. */
export async function lockKind(
  { from, origin }: Pick<Recipe, 'from' | 'origin'>,
  platform: Platform,
  context: SourceContext,
  io: Io,
): Promise<KindLock> {
  switch (from.kind) {
    case 'debs': {
      const keyrings = from.debs.keyrings.map((path) => join(origin.folder, path));
      return { debs: await resolveDebs(from.debs, platform, { ...context.debian, keyrings }, io) };
    }
    case 'static': {
      const { archive } = from.static;
      if (archive === undefined) return {};
      return { archive: await resolveArchive(archive, origin.folder, context.debian, io) };
    }
    case 'minirootfs': {
      const { alpine } = context;
      return {
        rootfs: await resolveMinirootfs(from.minirootfs, origin.folder, platform, alpine, io),
      };
    }
  }
}
