import { MkbaseError } from '../base/errors.ts';
import { type Io, stageName } from '../base/events.ts';
import type { Invocation } from '../base/invocation.ts';
import type { PlatformName } from '../base/platform.ts';
import { takeBundle } from '../lock/bundle/read.ts';
import type { Lock } from '../lock/schema.ts';
import { type ForeseenNode, foreseenNodes, Unforeseen } from '../nodes/foresee.ts';
import { cachedBuild } from './build-cache.ts';
import { type Builder, builderFor } from './builder.ts';
import { currentLock } from './inputs/current-lock.ts';
import { fetchInputs } from './inputs/fetch-inputs.ts';
import { type OpenBuild, openBuild } from './open-build.ts';
import type { BuildRequest } from './request.ts';
import { buildParts } from './rootfs-parts.ts';

/** The parts that a build would find and those that it would make, as far as that can be told without running a step. */
export interface Foreseen {
  readonly recipe: string;
  readonly platform: PlatformName;
  /** True when nothing has changed since an earlier build, and nothing would be done. */
  readonly current: boolean;
  /** `missing`: it is made first, and all else follows from it. */
  readonly lock: 'found' | 'missing';
  readonly inputs: 'stored' | 'to fetch' | 'unknown';
  readonly builder: { readonly name: string; readonly result: 'found' | 'made' } | null;
  readonly steps: readonly ForeseenNode[];
}

/** Runs work whose error of these codes stands for undefined. */
async function unless<T>(codes: readonly string[], work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MkbaseError && codes.includes(error.code)) return undefined;
    throw error;
  }
}

/** Returns the lock that a build would take, and none where it would be made anew. */
async function lockAtHand(
  { inputs, noCache }: BuildRequest,
  open: OpenBuild,
  io: Io,
): Promise<Lock | undefined> {
  const { builtIn } = open.plan.recipe.origin;
  const offered = inputs === undefined ? undefined : await takeBundle(inputs, open.store, io);
  if (builtIn && noCache && offered === undefined) return undefined;
  const options = { frozen: true, fresh: false, offered };
  return unless(['LOCK_MISSING', 'LOCK_STALE', 'LOCK_INVALID'], () =>
    currentLock(open, options, io),
  );
}

async function areStored({ plan, sources }: OpenBuild, lock: Lock, io: Io): Promise<boolean> {
  const stored = { ...sources, image: { ...sources.image, offline: true } };
  const fetched = unless(['OFFLINE'], async () => {
    await fetchInputs(plan, lock, undefined, stored, io);
    return true;
  });
  return (await fetched) === true;
}

/** Looks for each step's result, up to the first that would have to run. */
async function stepsOf(
  open: OpenBuild,
  lock: Lock,
  builder: Builder | undefined,
  isStored: boolean,
  io: Io,
): Promise<{ readonly isKnown: boolean; readonly steps: readonly ForeseenNode[] }> {
  const { recipe, maker } = open.plan;
  const known = builder && (await open.builders.known(builder));
  const { store, state, folder, fresh } = open;
  const { make, nodes } = foreseenNodes({
    cache: store.folder,
    state,
    folder,
    fresh,
    builder: known,
  });
  const context = {
    ...{ store, folder, stage: stageName.build },
    builder: known ?? (builder && { ...builder, tree: '' }),
    make: builder && make,
    ...(maker && { maker }),
  };
  try {
    await buildParts(recipe, lock, context, io);
  } catch (error) {
    const isMissing = !isStored && error instanceof MkbaseError;
    if (!(error instanceof Unforeseen) && !isMissing) throw error;
    // Commands are the last step; they hang on all that is before them.
    const isListed = nodes.some(({ does }) => does === 'run');
    const run = { does: 'run', key: undefined, tree: undefined };
    if (recipe.run.length > 0 && !isListed) {
      return { isKnown: known !== undefined, steps: [...nodes, run] };
    }
  }
  return { isKnown: known !== undefined, steps: nodes };
}

async function foreseen(request: BuildRequest, open: OpenBuild, io: Io): Promise<Foreseen> {
  const { recipe, platform, toolchain } = open.plan;
  const head = { recipe: recipe.name, platform, current: false };
  const lock = await lockAtHand(request, open, io);
  if (lock === undefined) {
    const made = toolchain ? ({ name: toolchain.name, result: 'made' } as const) : null;
    return { ...head, lock: 'missing', inputs: 'unknown', builder: made, steps: [] };
  }
  const epoch = open.plan.epoch ?? lock.epoch;
  const isStored = await areStored(open, lock, io);
  const builder =
    toolchain && lock.toolchain && (await builderFor(toolchain, lock.toolchain, platform));
  const { isKnown, steps } = await stepsOf(open, { ...lock, epoch }, builder, isStored, io);
  return {
    ...{ ...head, lock: 'found', inputs: isStored ? 'stored' : 'to fetch' },
    builder: builder ? { name: builder.toolchain.name, result: isKnown ? 'found' : 'made' } : null,
    steps,
  };
}

/**
 * Tells what a build would find and what it would make. Runs no step, writes no lock and no output, and
 * opens no connection. Errors: those of openBuild, and of reading what is beside the recipe.
 */
export async function dryRun(
  request: BuildRequest,
  invocation: Invocation,
  { signal }: Io,
): Promise<Foreseen> {
  const io: Io = { emit: () => undefined, signal };
  const current = await cachedBuild(request, invocation, io);
  if (current !== undefined) {
    const { recipe, platform } = current;
    const found = { lock: 'found', inputs: 'stored', builder: null, steps: [] } as const;
    return { recipe, platform, current: true, ...found };
  }
  const open = await openBuild(request, invocation, io);
  try {
    return await foreseen(request, open, io);
  } finally {
    await open.dispose();
  }
}
