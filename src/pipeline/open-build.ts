import { join } from 'node:path';
import type { Io } from '../base/events.ts';
import type { Invocation } from '../base/invocation.ts';
import { chooseEngine } from '../engines/choose.ts';
import type { Engine } from '../engines/engine.ts';
import type { LockContext } from '../lock/lock.ts';
import { cacheFolder } from '../store/cache-folder.ts';
import { openStore, type Store } from '../store/store.ts';
import { defaultLimits } from '../store/transfer/transfer.ts';
import { openWorkspace } from '../store/workspace.ts';
import type { Fingerprints } from './build-cache.ts';
import { fingerprintsBefore } from './paths-read.ts';
import { type BuildPlan, planBuild } from './plan.ts';
import type { BuildRequest } from './request.ts';
import { builderRunner } from './run-in-builder.ts';
import { type SourcesOfRun, sourcesOfRun } from './run-sources.ts';

/** Everything that work on a recipe starts with. */
export interface OpenBuild {
  readonly plan: BuildPlan;
  /** What the files that the plan is made from were like before any was used. */
  readonly read: Fingerprints;
  readonly engine: Engine;
  readonly store: Store;
  readonly sources: SourcesOfRun;
  readonly locking: LockContext;
  /** An empty folder of this run's own. */
  readonly folder: string;
  /** Removes the folder. */
  dispose(): Promise<void>;
}

/**
 * Loads what a request names, chooses the engine and opens the store. Errors: RECIPE_*, USAGE,
 * NO_ENGINE, NO_SPACE, IO.
 */
export async function openBuild(
  request: BuildRequest,
  invocation: Invocation,
  io: Io,
): Promise<OpenBuild> {
  const choosing = chooseEngine(request.engine, cacheFolder(invocation.env), io);
  // A mistake in the recipe is told first; meanwhile a refusal must not count as unhandled.
  choosing.catch(() => undefined);
  const plan = await planBuild(request, invocation);
  const read = await fingerprintsBefore(plan);
  const engine = await choosing;
  const store = await openStore(cacheFolder(invocation.env), defaultLimits, invocation);
  const sources = sourcesOfRun(plan, request, invocation, store);
  const { folder, dispose } = await openWorkspace(join(store.folder, 'tmp'));
  const runInBuilder = builderRunner(plan, sources.builder, { engine, store, folder });
  const locking = { sources: sources.image, builderSources: sources.builder, runInBuilder, folder };
  return { plan, read, engine, store, sources, locking, folder, dispose };
}
