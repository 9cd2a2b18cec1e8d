import { digestOf } from '../base/canonical-json.ts';
import type { Io } from '../base/events.ts';
import { type Platform, platforms } from '../base/platform.ts';
import { lockDebs, lockKind } from '../kinds/resolve.ts';
import type { LockContext, ToolContext } from '../kinds/resolve-context.ts';
import type { SourceContext } from '../kinds/source-context.ts';
import type { LockedDebs } from '../packages/deb/locked.ts';
import type { Recipe, Toolchain } from '../recipe/recipe.ts';
import { showUrl } from '../store/show-url.ts';
import { askedBy, downloadsOf, requestDigest, type Wanted } from './asked.ts';
import type { Lock, LockedFile, LockedToolchain } from './locked.ts';

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
    (lock.debs !== undefined) === ['debs', 'debootstrap'].includes(from.kind) &&
    (lock.debootstrap !== undefined) === (from.kind === 'debootstrap') &&
    (lock.rootfs !== undefined) === (from.kind === 'minirootfs') &&
    (lock.apks !== undefined) === wantsApks(wanted.recipe) &&
    (lock.archive !== undefined) === (archive !== undefined) &&
    digestOf(lock.files ?? []) === digestOf(lockedFiles(wanted.recipe)) &&
    lock.archive?.sha256 === stated &&
    lock.toolchain?.name === wanted.toolchain?.name
  );
}

const wantsApks = ({ from, packages }: Recipe): boolean =>
  from.kind === 'apk' || (from.kind === 'minirootfs' && packages.length > 0);

const lockedFiles = (recipe: Recipe): LockedFile[] =>
  downloadsOf(recipe).map(({ url, sha256 }) => ({ url: showUrl(url), sha256 }));

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
  const { name, from, origin, epoch } = toolchain;
  if (from.kind !== 'debs') throw new Error(`the toolchain ${name} is no set of packages`);
  const debs = await lockDebs(from.debs, origin.folder, platform, context, io);
  return { name, epoch: epoch ?? dateOf(debs) ?? 0, debs };
}

/** The same, with the recipe's own builder chosen; a recipe without one has no step to run. */
function toolContext(
  { sources, folder, runInBuilder }: LockContext,
  toolchain: LockedToolchain | undefined,
): ToolContext {
  return {
    sources,
    folder,
    run: (step, consume, io) => {
      if (toolchain === undefined) throw new Error('a step for a recipe that needs no builder');
      return runInBuilder(toolchain, step, consume, io);
    },
  };
}

/**
 * Pins every outside input of a build. Only indexes are read, and archives whose signature or sha512
 * has to be checked; where a distribution's own tools choose packages, they do so in the builder.
 * Errors: those of the sources (SOURCE_*, PACKAGE_*, OFFLINE) and of steps.
 */
export async function lockInputs(wanted: Wanted, context: LockContext, io: Io): Promise<Lock> {
  const { recipe } = wanted;
  const platform = platforms[wanted.platform];
  const toolchain =
    wanted.toolchain && (await lockToolchain(wanted.toolchain, platform, context.sources, io));
  const kind = await lockKind(recipe, platform, toolContext(context, toolchain), io);
  const dated = dateOf(kind.debs) ?? kind.rootfs?.release?.date ?? kind.apks?.date;
  const files = lockedFiles(recipe);
  return {
    lockVersion: 1,
    recipe: recipe.name,
    platform: wanted.platform,
    epoch: recipe.epoch ?? dated ?? toolchain?.epoch ?? 0,
    request: requestDigest(wanted),
    asked: askedBy(wanted),
    ...kind,
    ...(files.length > 0 && { files }),
    ...(toolchain && { toolchain }),
  };
}
