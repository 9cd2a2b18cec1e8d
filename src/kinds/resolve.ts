import { join } from 'node:path';
import type { Io } from '../base/events.ts';
import type { Platform } from '../base/platform.ts';
import type { KindLock } from '../lock/locked.ts';
import { resolveDebs } from '../packages/deb/choose/resolve.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { lockAddedApks, lockApkRoot } from './apk/lock.ts';
import { lockDebootstrap } from './debootstrap/resolve.ts';
import { resolveMinirootfs } from './minirootfs/resolve.ts';
import type { ToolContext } from './resolve-context.ts';
import type { SourceContext } from './source-context.ts';
import { resolveArchive } from './static/archive.ts';

type DebsSource = Extract<Recipe['from'], { readonly kind: 'debs' }>['debs'];

/** Pins a set of Debian packages; `folder` is where its own paths start from. */
export function lockDebs(
  debs: DebsSource,
  folder: string,
  platform: Platform,
  { debian }: SourceContext,
  io: Io,
) {
  const keyrings = debs.keyrings.map((path) => join(folder, path));
  return resolveDebs(debs, platform, { ...debian, keyrings }, io);
}

/** Pins what a recipe's kind takes from outside; own sources beside the recipe need no pin. */
export async function lockKind(
  { from, fromOrigin: { folder }, packages }: Pick<Recipe, 'from' | 'fromOrigin' | 'packages'>,
  platform: Platform,
  context: ToolContext,
  io: Io,
): Promise<KindLock> {
  const { debian, alpine } = context.sources;
  switch (from.kind) {
    case 'debs':
      return { debs: await lockDebs(from.debs, folder, platform, context.sources, io) };
    case 'static': {
      const { archive } = from.static;
      if (archive === undefined) return {};
      return { archive: await resolveArchive(archive, folder, debian, io) };
    }
    case 'minirootfs': {
      const { minirootfs: source } = from;
      const rootfs = await resolveMinirootfs(source, folder, platform, alpine, io);
      if (packages.length === 0) return { rootfs };
      const apks = await lockAddedApks({ source, rootfs, packages }, platform, context, io);
      return { rootfs, apks };
    }
    case 'debootstrap': {
      const wanted = { source: from.debootstrap, packages, folder };
      return lockDebootstrap(wanted, platform, context, io);
    }
    case 'apk':
      return { apks: await lockApkRoot({ source: from.apk, folder }, platform, context, io) };
  }
}
