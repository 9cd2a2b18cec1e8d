import { basename, join, resolve } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import type { Invocation } from '../base/invocation.ts';
import { hostPlatform, type PlatformName, platformFileName } from '../base/platform.ts';
import type { Annotations } from '../image/annotations.ts';
import { kindOf, loadBuilder, loadRecipe, type Machines } from '../kinds/kinds.ts';
import { satisfies } from '../lock/lock.ts';
import { readLock } from '../lock/lock-file.ts';
import { builderPlatform, type Recipe, type Toolchain } from '../recipe/recipe.ts';
import { type KeptBase, keptBase } from './kept-base.ts';
import type { BuildRequest } from './request.ts';

/** A request with all decisions that need neither engine nor network. */
export interface BuildPlan {
  readonly recipe: Recipe;
  /** Undefined for recipes that need no builder. */
  readonly toolchain: Toolchain | undefined;
  readonly platform: PlatformName;
  /** Absolute. */
  readonly outDir: string;
  /** Absolute path of the lock. */
  readonly lockFile: string;
  readonly tags: readonly string[];
  /** Annotations that were asked for beside the recipe's; none when left out. */
  readonly annotations?: Annotations;
  /** SOURCE_DATE_EPOCH, which overrides the lock's epoch. */
  readonly epoch: number | undefined;
  /** The base whose layer the image keeps; undefined for an image of one layer. */
  readonly base?: (KeptBase & { readonly lockFile: string }) | undefined;
  /** One of the makers of the recipe's kind; the usual one when left out. */
  readonly maker?: string;
}

/**
 * Parses SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/). Throws USAGE.
 */
function sourceDateEpoch(value: string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const seconds = Number(value);
  if (/^[0-9]+$/.test(value) && seconds <= 4_294_967_295) return seconds;
  throw new MkbaseError({
    code: 'USAGE',
    message: `SOURCE_DATE_EPOCH is "${value}"; expected seconds since 1970 as decimal digits.`,
    hint: 'Set it to a number, for instance SOURCE_DATE_EPOCH=1767225600, or unset it.',
  });
}

/** Returns a platform that is asked for. Throws USAGE for one that the recipe does not work on. */
export function platformFor(recipe: Recipe, platform: PlatformName): PlatformName {
  if (recipe.platforms && !recipe.platforms.includes(platform)) {
    throw new MkbaseError({
      code: 'USAGE',
      message: `Recipe ${recipe.name} works on ${recipe.platforms.join(', ')}, not on ${platform}.`,
      hint: `Choose one with --platform, for instance --platform ${recipe.platforms[0]}.`,
    });
  }
  return platform;
}

/**
 * Returns a folder of its own for each recipe, release and platform, so that their builds never mix.
 */
export function defaultOut({ name, release }: Recipe, platform: PlatformName): string {
  const foreign = platform !== hostPlatform().name ? [platformFileName(platform)] : [];
  return join('mkbase-out', [name, ...(release ? [release] : []), ...foreign].join('-'));
}

/**
 * Returns the path of a recipe's lock: beside a recipe of the user's own, for version control, with the
 * platform in its name unless it is linux/amd64, so that the name does not depend on the machine; for
 * one that ships with mkbase, in the output folder.
 */
export function lockFileOf({ origin }: Recipe, platform: PlatformName, outDir: string): string {
  if (origin.builtIn) return join(outDir, 'lock.json');
  const words = platform === 'linux/amd64' ? [] : [platformFileName(platform)];
  const [name] = basename(origin.file).split(/\.ya?ml$/);
  return join(origin.folder, [name, ...words, 'lock.json'].join('.'));
}

/** Returns a recipe's image name as people write it: the release that was asked for is the tag. */
export const defaultTag = ({ name, release = 'latest' }: Recipe): string =>
  `mkbase/${name}:${release}`;

/** Returns the maker that is asked for. Throws USAGE when the recipe's kind does not have it. */
function makerOf({ name, from }: Recipe, { maker }: BuildRequest): { readonly maker?: string } {
  const makers: readonly string[] = kindOf(from).makers ?? [];
  if (maker === undefined) return {};
  if (makers.includes(maker)) return { maker };
  throw new MkbaseError({
    code: 'USAGE',
    message: `--maker ${maker}: ${name} has ${makers.length === 0 ? 'one maker only' : `the makers ${makers.join(' and ')}`}.`,
    hint: makers.length === 0 ? 'Leave --maker out.' : 'Name one of these, or leave --maker out.',
  });
}

/** Returns the base whose layer is kept, and the path of its own lock. Throws USAGE as `keptBase`. */
function baseOf(recipe: Recipe, request: BuildRequest, platform: PlatformName, cwd: string) {
  const base = keptBase(recipe, request);
  if (base === undefined) return undefined;
  const outDir = resolve(cwd, defaultOut(base.recipe, platform));
  return { ...base, lockFile: lockFileOf(base.recipe, platform, outDir) };
}

/**
 * Loads the toolchain of a recipe for a platform: one that runs on the machine or, where a lock pins a builder for
 * another machine and fits otherwise, that one.
 */
async function toolchainFor(
  recipe: Recipe,
  { target, machine }: Machines,
  lockFile: string,
  cwd: string,
): Promise<Toolchain | undefined> {
  const toolchain = await loadBuilder(recipe, cwd, { target, machine });
  const lock = toolchain && (await readLock(lockFile).catch(() => undefined));
  if (toolchain === undefined || lock?.toolchain === undefined) return toolchain;
  const pinned = lock.toolchain.platform ?? lock.platform;
  if (pinned === builderPlatform(toolchain, target)) return toolchain;
  const other = await loadBuilder(recipe, cwd, { target, machine: pinned });
  return satisfies(lock, { recipe, toolchain: other, platform: target }) ? other : toolchain;
}

/**
 * Loads the recipe and toolchain of a request, and fills in its defaults. `machineOf` tells the platform that
 * builders run on, which the image is for where none is asked for; it is called once the recipe is read. Errors:
 * RECIPE_*, USAGE, and those of `machineOf`.
 */
export async function planBuild(
  request: BuildRequest,
  { cwd, env }: Invocation,
  machineOf: () => Promise<PlatformName> = async () => hostPlatform().name,
): Promise<BuildPlan> {
  const recipe = await loadRecipe(request.recipe, cwd);
  const maker = makerOf(recipe, request);
  const epoch = sourceDateEpoch(env.SOURCE_DATE_EPOCH);
  const machine = await machineOf();
  const platform = platformFor(recipe, request.platform ?? machine);
  const outDir = resolve(cwd, request.out ?? defaultOut(recipe, platform));
  const lockFile = lockFileOf(recipe, platform, outDir);
  const machines = { target: platform, machine };
  return {
    recipe,
    toolchain: await toolchainFor(recipe, machines, lockFile, cwd),
    platform,
    outDir,
    lockFile,
    tags: request.tags.length > 0 ? request.tags : [defaultTag(recipe)],
    ...(request.annotations && { annotations: request.annotations }),
    epoch,
    base: baseOf(recipe, request, platform, cwd),
    ...maker,
  };
}
