import { digestOf } from '../canonical-json.ts';
import type { Io } from '../events.ts';
import { type Platform, type PlatformName, platforms } from '../platform.ts';
import type { Recipe, Toolchain } from '../recipe/recipe.ts';
import type { SourceContext } from '../sources/context.ts';
import type { LockedDebs } from '../sources/debian/locked.ts';
import { lockKind } from './kinds.ts';
import type { Lock, LockedToolchain } from './locked.ts';

/** What is to be pinned. */
export interface Wanted {
  readonly recipe: Recipe;
  readonly toolchain: Toolchain | undefined;
  readonly platform: PlatformName;
}

/** sha256 over the fields that choose inputs: two requests that are equal may share a lock. */
export function requestDigest({ recipe, toolchain, platform }: Wanted): string {
  const { from } = recipe;
  return digestOf({
    platform,
    epoch: recipe.epoch,
    debs: from.kind === 'debs' ? from.debs : undefined,
    archive: from.kind === 'static' ? from.static.archive : undefined,
    minirootfs: from.kind === 'minirootfs' ? from.minirootfs : undefined,
    toolchain: toolchain && { from: toolchain.from, epoch: toolchain.epoch },
  });
}

/**
 * Whether a lock answers what is wanted: made for the same request, with each part that it asks for,
 * and with the digest that the recipe itself states. The request is a plain hash, which anybody can
 * write into a file.
 */
export function answers(lock: Lock, wanted: Wanted): boolean {
  const { from } = wanted.recipe;
  const archive = from.kind === 'static' ? from.static.archive : undefined;
  const stated = archive && 'url' in archive ? archive.sha256 : lock.archive?.sha256;
  return (
    lock.request === requestDigest(wanted) &&
    lock.platform === wanted.platform &&
    (lock.debs !== undefined) === (from.kind === 'debs') &&
    (lock.rootfs !== undefined) === (from.kind === 'minirootfs') &&
    (lock.archive !== undefined) === (archive !== undefined) &&
    lock.archive?.sha256 === stated &&
    lock.toolchain?.name === wanted.toolchain?.name
  );
}

/** The date of the base suite's index: it moves with releases, not with every security update. */
function dateOf(debs: LockedDebs | undefined): number | undefined {
  return debs?.indexes[0]?.date;
}

async function lockToolchain(
  toolchain: Toolchain,
  platform: Platform,
  context: SourceContext,
  io: Io,
): Promise<LockedToolchain> {
  const { debs: locked } = await lockKind(toolchain, platform, context, io);
  const debs = locked ?? { indexes: [], packages: [] };
  return { name: toolchain.name, epoch: toolchain.epoch ?? dateOf(debs) ?? 0, debs };
}

/**
 * Pins every outside input of a build. Only indexes are read, and archives whose signature or sha512
 * has to be checked. Errors: those of the sources (SOURCE_*, PACKAGE_*, OFFLINE).
 */
export async function lockInputs(wanted: Wanted, context: SourceContext, io: Io): Promise<Lock> {
  const platform = platforms[wanted.platform];
  const toolchain =
    wanted.toolchain && (await lockToolchain(wanted.toolchain, platform, context, io));
  const kind = await lockKind(wanted.recipe, platform, context, io);
  const dated = dateOf(kind.debs) ?? kind.rootfs?.release?.date;
  const epoch = wanted.recipe.epoch ?? dated ?? toolchain?.epoch ?? 0;
  return {
    lockVersion: 1,
    recipe: wanted.recipe.name,
    platform: wanted.platform,
    epoch,
    request: requestDigest(wanted),
    ...kind,
    ...(toolchain && { toolchain }),
  };
}
