import { canonicalJson } from '../base/canonical-json.ts';
import type { Io } from '../base/events.ts';
import type { Invocation } from '../base/invocation.ts';
import { platformFileName, platforms } from '../base/platform.ts';
import { loadRootfsBuilder } from '../kinds/kinds.ts';
import { lockToolchain } from '../lock/lock.ts';
import { type LockedToolchain, lockedToolchainSchema } from '../lock/schema.ts';
import { readState, writeState } from '../store/state-folder.ts';
import { builderFor, type ReadyBuilder } from './builder.ts';
import { holdBuilder } from './hold-builder.ts';
import { fetchBuilder, sourcesOfRun } from './inputs/fetch-inputs.ts';
import type { OpenBuild } from './open-build.ts';
import type { BuildRequest } from './request.ts';
import { inStage } from './stages.ts';

/** Reads the pins of an earlier shell; undefined where there are none, or none that this version knows. */
async function rememberedPins(state: string, file: string): Promise<LockedToolchain | undefined> {
  try {
    const text = await readState(state, file);
    return text === undefined ? undefined : lockedToolchainSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Returns a builder from which a root filesystem can be entered that was made without one. No lock names it,
 * as nothing in an image depends on it: its pins are kept in the state folder. Errors: those of pinning
 * and fetching.
 */
export async function shellBuilder(
  open: OpenBuild,
  request: BuildRequest,
  invocation: Invocation,
  io: Io,
): Promise<ReadyBuilder> {
  const { plan, state, store, fresh, folder } = open;
  const { recipe, platform } = plan;
  const toolchain = await loadRootfsBuilder(recipe, invocation.cwd);
  const { builder: sources } = sourcesOfRun({ recipe, toolchain }, request, invocation, store);
  const file = `shell/${toolchain.name}-${platformFileName(platform)}.json`;
  const pin = () =>
    inStage(
      io,
      'lock',
      `Resolving builder ${toolchain.name}`,
      () => lockToolchain(toolchain, platforms[platform], { builderSources: sources, folder }, io),
      () => '',
    );
  const remembered = fresh ? undefined : await rememberedPins(state, file);
  const locked = remembered ?? (await pin());
  const builder = await builderFor(toolchain, locked, platform);
  const ready = await holdBuilder(builder, open, () => fetchBuilder(builder, sources, io), io);
  await writeState(state, file, canonicalJson(locked)).catch(() => undefined);
  return ready;
}
