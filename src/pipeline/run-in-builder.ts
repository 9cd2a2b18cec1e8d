import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunInBuilder } from '../kinds/contract.ts';
import type { LockedToolchain } from '../lock/schema.ts';
import type { RunSources } from '../packages/sources.ts';
import { type BuilderContext, builderFor, makeBuilder } from './builder.ts';
import { fetchBuilder } from './fetch-inputs.ts';
import type { BuildPlan } from './plan.ts';

/** Returns how the plan's builder runs steps while inputs are still being pinned; see RunInBuilder. */
export const builderRunner =
  (
    { toolchain, platform }: Pick<BuildPlan, 'toolchain' | 'platform'>,
    sources: RunSources,
    context: BuilderContext,
  ) =>
  (locked: LockedToolchain): RunInBuilder => {
    const { engine, folder } = context;
    return async (step, consume, io) => {
      if (toolchain === undefined) throw new Error('a plan without a builder has no steps');
      const builder = await builderFor(toolchain, locked, platform);
      if (!(await engine.hasToolchain(builder.reference, io))) {
        await fetchBuilder(builder, sources, io);
        const own = join(folder, 'early-builder');
        await mkdir(own);
        await makeBuilder(builder, { ...context, folder: own }, io);
      }
      return engine.runStep({ ...step, toolchain: builder.reference }, consume, io);
    };
  };
