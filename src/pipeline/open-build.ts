import { join } from 'node:path';
import type { Io } from '../base/events.ts';
import type { Invocation } from '../base/invocation.ts';
import { growLittle } from '../base/memory.ts';
import { chooseEngine } from '../engines/choose.ts';
import type { Engine } from '../engines/engine.ts';
import { surroundingsOf } from '../engines/surroundings.ts';
import type { RunInBuilder } from '../kinds/contract.ts';
import type { LockContext } from '../lock/lock.ts';
import type { LockedToolchain } from '../lock/schema.ts';
import type { RunSources } from '../packages/sources.ts';
import type { Visitor } from '../steps/visitor.ts';
import { cacheFolder } from '../store/cache-folder.ts';
import { stateFolder } from '../store/state-folder.ts';
import { openStore, type Store } from '../store/store.ts';
import { defaultLimits } from '../store/transfer/transfer.ts';
import { openWorkspace } from '../store/workspace.ts';
import type { Fingerprints } from './build-record.ts';
import { type Builders, builderFor, buildersOf } from './builder.ts';
import { type BuilderPlace, holdBuilder } from './hold-builder.ts';
import { fetchBuilder, type SourcesOfRun, sourcesOfRun } from './inputs/fetch-inputs.ts';
import { fingerprintsBefore } from './local-files.ts';
import { keepOutputsApart } from './outputs-apart.ts';
import { type BuildPlan, planBuild } from './plan.ts';
import type { BuildRequest } from './request.ts';
import { warnEnded } from './warn-ended.ts';

/**
 * Returns a function that runs steps in the plan's builder while inputs are still being pinned; see
 * RunInBuilder.
 */
const builderRunner =
  (
    { toolchain, platform }: Pick<BuildPlan, 'toolchain' | 'platform'>,
    sources: RunSources,
    place: BuilderPlace,
  ) =>
  (locked: LockedToolchain): RunInBuilder => {
    return async (step, consume, io) => {
      if (toolchain === undefined) throw new Error('a plan without a builder has no steps');
      const builder = await builderFor(toolchain, locked, platform);
      await holdBuilder(builder, place, () => fetchBuilder(builder, sources, io), io);
      return place.engine.runStep({ ...step, toolchain: builder.reference }, consume, io);
    };
  };

/** Everything that is open while a recipe is worked on. */
export interface OpenBuild {
  readonly plan: BuildPlan;
  /** Fingerprints of the files that the plan is made from, taken before any was used. */
  readonly read: Fingerprints;
  readonly engine: Engine;
  readonly store: Store;
  readonly builders: Builders;
  /** Absolute path of the state folder. */
  readonly state: string;
  /** True when this run believes nothing that an earlier one made. */
  readonly fresh: boolean;
  /** Whoever is let into a step that fails. */
  readonly visitor?: Visitor | undefined;
  readonly sources: SourcesOfRun;
  readonly locking: LockContext;
  /** An empty folder of this run's own. */
  readonly folder: string;
  /** Removes the folder, once nothing of its steps is left. */
  dispose(): Promise<void>;
}

/**
 * Loads the recipe of a request, chooses the engine and opens the store. Errors: RECIPE_*, USAGE,
 * NO_ENGINE, NO_SPACE, IO.
 */
export async function openBuild(
  request: BuildRequest,
  invocation: Invocation,
  io: Io,
): Promise<OpenBuild> {
  growLittle();
  const choosing = chooseEngine(request.engine, surroundingsOf(invocation.env), io);
  // A mistake in the recipe is reported first; meanwhile a refusal must not count as unhandled.
  choosing.catch(() => undefined);
  const plan = await planBuild(request, invocation, async () => (await choosing).platform);
  warnEnded(plan, invocation.now, io);
  keepOutputsApart(plan, request);
  const read = await fingerprintsBefore(plan);
  const chosen = await choosing;
  const engine = request.ready?.with(chosen) ?? chosen;
  const store = await openStore(cacheFolder(invocation.env), defaultLimits, invocation);
  const sources = sourcesOfRun(plan, request, invocation, store);
  const workspace = await openWorkspace(join(store.folder, 'tmp'));
  const { folder } = workspace;
  const dispose = async () => {
    await engine.ended?.();
    await workspace.dispose();
  };
  const fresh = request.noCache || request.ownBuilder === true;
  const state = stateFolder(invocation.env);
  const builders = buildersOf({ engine, store, state, fresh });
  const runInBuilder = builderRunner(plan, sources.builder, { engine, builders, folder });
  const locking = { sources: sources.image, builderSources: sources.builder, runInBuilder, folder };
  const kept = { engine, store, builders, state, fresh, visitor: request.visitor };
  return { plan, read, ...kept, sources, locking, folder, dispose };
}
