import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunInBuilder } from '../kinds/resolve-context.ts';
import type { SourceContext } from '../kinds/source-context.ts';
import { type BuilderContext, builderFor, makeBuilder } from './builder.ts';
import { fetchBuilder } from './fetch-inputs.ts';
import type { BuildPlan } from './plan.ts';

/** How the plan's builder runs steps while inputs are still being pinned; see RunInBuilder. */
export function builderRunner(
  { toolchain, platform }: BuildPlan,
  sources: SourceContext,
  context: BuilderContext,
): RunInBuilder {
  const { engine, folder } = context;
  return async (locked, step, consume, io) => {
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
}
