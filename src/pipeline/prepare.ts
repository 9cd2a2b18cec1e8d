import type { Io } from '../base/events.ts';
import { giveBackMemory } from '../base/memory.ts';
import { runsNatively } from '../base/platform.ts';
import type { Engine } from '../engines/engine.ts';
import { takeBundle } from '../lock/bundle/read.ts';
import type { PinnedInputs } from './build-tree.ts';
import { type Builder, builderFor, type ReadyBuilder } from './builder.ts';
import { holdBuilder } from './hold-builder.ts';
import { currentLock, keepLock } from './inputs/current-lock.ts';
import { fetchInputs } from './inputs/fetch-inputs.ts';
import { type Believed, believedInputs } from './inputs/prove-inputs.ts';
import type { OpenBuild } from './open-build.ts';
import type { BuildRequest } from './request.ts';
import { warnPinnedEnded } from './warn-ended.ts';

/** A request whose inputs and builder are made ready. */
interface Preparing {
  readonly request: BuildRequest;
  readonly open: OpenBuild;
  readonly io: Io;
}

/** Takes the bundle that the request names into the store, and finds or makes the lock. */
export async function pinInputs({ request, open, io }: Preparing): Promise<PinnedInputs> {
  const { inputs, frozen = false, noCache } = request;
  const offered = inputs === undefined ? undefined : await takeBundle(inputs, open.store, io);
  // A lock that a key vouches for is not to be replaced by one that it does not.
  const relocks = request.relocks === true && !request.offline && request.lockKey === undefined;
  const kept = await currentLock(open, { frozen, fresh: noCache, offered, relocks }, io);
  warnPinnedEnded(open.plan, kept, open.sources.image.now, io);
  giveBackMemory();
  return { kept, lock: { ...kept, epoch: open.plan.epoch ?? kept.epoch } };
}

/** A builder whose tree is known, and why the inputs are believed. */
export interface Prepared {
  readonly builder: ReadyBuilder | undefined;
  readonly believed: Believed;
}

/** Tells that steps run under emulation, and what that means for their time. */
function warnEmulated({ reference }: Builder, { platform }: Engine, { emit }: Io): void {
  if (runsNatively(platform, reference.platform)) return;
  const warning = {
    code: 'emulated',
    message: `The builder ${reference.name} is one for ${reference.platform}: its steps are emulated here, on ${platform}, and take some 15 times as long.`,
    advice: 'Build on such a machine where that is too slow; the image is the same.',
  };
  emit({ type: 'warning', stage: 'toolchain', warning });
}

/**
 * Fetches what is pinned, proves it, keeps the lock, and makes the builder if none is remembered; one that
 * is remembered is made when a step has to run that the engine has no such builder for.
 */
export async function prepareBuilder(
  { request, open, io }: Preparing,
  { kept, lock }: PinnedInputs,
): Promise<Prepared> {
  const { plan, builders, sources } = open;
  const { toolchain, platform } = plan;
  const builder =
    toolchain && lock.toolchain && (await builderFor(toolchain, lock.toolchain, platform));
  if (builder) warnEmulated(builder, open.engine, io);
  const known = builder && (await builders.known(builder));
  const missing = known ? undefined : builder;
  await fetchInputs(plan, lock, missing, sources, io);
  const believed = await believedInputs(open, kept, request, io);
  await keepLock(plan, kept, io);
  if (missing === undefined) return { builder: known, believed };
  return { builder: await holdBuilder(missing, open, async () => {}, io), believed };
}
