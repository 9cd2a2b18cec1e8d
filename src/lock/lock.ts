import { digestOf } from '../base/canonical-json.ts';
import { MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { type Platform, platforms } from '../base/platform.ts';
import type { ResolveContext, RunInBuilder, Wanted as WantedOfKind } from '../kinds/contract.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { RunSources } from '../packages/sources.ts';
import { sourceOf, withSource } from '../recipe/kind.ts';
import { builderPlatform, type Recipe, type Toolchain } from '../recipe/recipe.ts';
import { showUrl } from '../store/show-url.ts';
import { askedBy, downloadsOf, requestDigest, type Wanted } from './request.ts';
import { type Lock, type LockedFile, type LockedToolchain, lockVersion } from './schema.ts';

/** Returns what a recipe asks of its kind. */
export const wantedOf = (
  { name, from, packages, fromOrigin }: Pick<Recipe, 'name' | 'from' | 'packages' | 'fromOrigin'>,
  platform: Platform,
): WantedOfKind => ({
  name,
  source: sourceOf(from),
  packages,
  folder: fromOrigin.folder,
  platform,
});

/** Returns what the toolchain of an image for a platform asks of its kind. */
export const wantedByToolchain = (
  toolchain: Toolchain,
  { name: target }: Pick<Platform, 'name'>,
): WantedOfKind => {
  const { name, from, origin } = toolchain;
  const platform = platforms[builderPlatform(toolchain, target)];
  return wantedOf({ name, from, packages: [], fromOrigin: origin }, platform);
};

const lockedFiles = (recipe: Recipe): LockedFile[] =>
  downloadsOf(recipe).map(({ url, sha256 }) => ({ url: showUrl(url), sha256 }));

/**
 * Tells whether a lock satisfies what is wanted: made for the same request, by the same kind, and with
 * the digests that the recipe itself states. The request is a plain hash, which anybody can write into
 * a file.
 */
export function satisfies(lock: Lock, wanted: Wanted): boolean {
  const { recipe, toolchain, platform } = wanted;
  const { fits } = kindOf(recipe.from);
  return (
    lock.request === requestDigest(wanted) &&
    lock.platform === platform &&
    lock.from.kind === recipe.from.kind &&
    (fits?.(sourceOf(recipe.from), sourceOf(lock.from), recipe.packages) ?? true) &&
    digestOf(lock.files ?? []) === digestOf(lockedFiles(recipe)) &&
    lock.toolchain?.name === toolchain?.name &&
    lock.toolchain?.platform === toolchain?.platform &&
    lock.toolchain?.from.kind === toolchain?.from.kind
  );
}

/** The sources and the builder with which a recipe's inputs are pinned. */
export interface LockContext {
  /** Sources of the image's inputs. */
  readonly sources: RunSources;
  /** Sources of the builder's inputs. */
  readonly builderSources: RunSources;
  /** Runs steps in the recipe's builder, whose inputs are pinned already. */
  readonly runInBuilder: (locked: LockedToolchain) => RunInBuilder;
  /** An empty folder of this run's own. */
  readonly folder: string;
}

const noBuilder = (): never => {
  throw new Error('a builder is asked for by a recipe that needs none');
};

/** Returns the function that fetches one package of a builder. */
const builderPackageOf =
  (toolchain: Toolchain, locked: LockedToolchain, platform: Platform, sources: RunSources) =>
  async (name: string, io: Io) => {
    const kind = kindOf(toolchain.from);
    const { downloads } = await kind.load();
    const pinned = sourceOf(locked.from);
    const sha256 = kind.inputs(pinned).find((each) => each.name === name)?.sha256;
    const all = await downloads(wantedByToolchain(toolchain, platform), pinned, sources);
    const found = all.filter((each) => each.sha256 === sha256);
    const [blob] = await sources.store.fetch(found, sources, io);
    if (blob !== undefined) return sources.store.read(blob.sha256);
    throw new MkbaseError({
      code: 'PACKAGE_NOT_FOUND',
      message: `The toolchain ${toolchain.name} has no package ${name}, which is needed to pin this recipe.`,
      hint: `Add ${name} to the toolchain.`,
    });
  };

/** Pins a builder's inputs. Errors as lockInputs. */
export async function lockToolchain(
  toolchain: Toolchain,
  platform: Platform,
  { builderSources, folder }: Pick<LockContext, 'builderSources' | 'folder'>,
  io: Io,
): Promise<LockedToolchain> {
  const { name, from, epoch, platform: runsOn } = toolchain;
  const kind = kindOf(from);
  const { resolve } = await kind.load();
  const builder = { runInBuilder: noBuilder, builderPackage: noBuilder };
  const context = { sources: builderSources, ...builder, folder };
  const locked = await resolve(wantedByToolchain(toolchain, platform), context, io);
  return {
    name,
    ...(runsOn && { platform: runsOn }),
    epoch: epoch ?? kind.date(locked) ?? 0,
    from: withSource(from, locked),
  };
}

/**
 * Pins every outside input of a build. Only indexes are read, and archives whose signature or sha512
 * has to be checked; where a distribution's own tools choose packages, they do so in the builder.
 * Errors: those of the kinds (SOURCE_*, PACKAGE_*, OFFLINE) and of steps.
 */
export async function lockInputs(wanted: Wanted, context: LockContext, io: Io): Promise<Lock> {
  const { recipe } = wanted;
  const platform = platforms[wanted.platform];
  const toolchain =
    wanted.toolchain && (await lockToolchain(wanted.toolchain, platform, context, io));
  const kind = kindOf(recipe.from);
  const { resolve } = await kind.load();
  const resolving: ResolveContext = {
    sources: context.sources,
    runInBuilder: toolchain ? context.runInBuilder(toolchain) : noBuilder,
    builderPackage:
      wanted.toolchain && toolchain
        ? builderPackageOf(wanted.toolchain, toolchain, platform, context.builderSources)
        : noBuilder,
    folder: context.folder,
  };
  const locked = await resolve(wantedOf(recipe, platform), resolving, io);
  const files = lockedFiles(recipe);
  return {
    lockVersion,
    recipe: recipe.name,
    platform: wanted.platform,
    epoch: recipe.epoch ?? kind.date(locked) ?? toolchain?.epoch ?? 0,
    request: requestDigest(wanted),
    asked: askedBy(wanted),
    from: withSource(recipe.from, locked),
    ...(files.length > 0 && { files }),
    ...(toolchain && { toolchain }),
  };
}
