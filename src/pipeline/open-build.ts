import { join } from 'node:path';
import type { Io } from '../base/events.ts';
import { chooseEngine } from '../engines/choose.ts';
import type { Engine } from '../engines/engine.ts';
import type { LockContext } from '../kinds/resolve-context.ts';
import type { SourceContext } from '../kinds/source-context.ts';
import { openStore, type Store } from '../store/store.ts';
import { defaultLimits } from '../store/transfer/transfer.ts';
import { openWorkspace } from '../store/workspace.ts';
import type { Looks, RecordPlace } from './build-cache.ts';
import { looksBefore } from './paths-read.ts';
import { type BuildPlan, planBuild } from './plan.ts';
import type { BuildRequest } from './request.ts';
import { builderRunner } from './run-in-builder.ts';
import { sourceContext } from './source-context.ts';

/** Everything that work on a recipe starts with. */
export interface OpenBuild {
  readonly plan: BuildPlan;
  /** What the files that the plan is made from looked like before any was used. */
  readonly read: Looks;
  readonly engine: Engine;
  readonly store: Store;
  readonly sources: SourceContext;
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
  place: RecordPlace,
  io: Io,
): Promise<OpenBuild> {
  const choosing = chooseEngine(request.engine, place.cache, io);
  // A mistake in the recipe is told first; meanwhile a refusal must not count as unhandled.
  choosing.catch(() => undefined);
  const plan = await planBuild(request, place.cwd, process.env);
  const read = await looksBefore(plan);
  const engine = await choosing;
  const store = await openStore(place.cache, defaultLimits, { env: process.env, now: new Date() });
  const sources = await sourceContext(store, request, plan.recipe.from, process.env);
  const { folder, dispose } = await openWorkspace(join(store.folder, 'tmp'));
  const runInBuilder = builderRunner(plan, sources, { engine, store, folder });
  const locking = { sources, runInBuilder, folder };
  return { plan, read, engine, store, sources, locking, folder, dispose };
}
