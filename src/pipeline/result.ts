import type { Engine } from '../engines/engine.ts';
import type { TestOutcome } from '../evidence/smoke.ts';
import type { Image } from '../image/image.ts';
import type { OutputRequest } from '../outputs/contract.ts';
import type { PlacedImage } from '../outputs/place.ts';
import { defaultOutput } from '../outputs/registry.ts';
import type { BuildPlan } from './plan.ts';
import type { BuildRequest, BuildResult } from './request.ts';
import type { StageClock } from './stage-clock.ts';

/** The outputs asked for, else what suits the engine. */
export function outputsFor(request: BuildRequest, engine: Engine): readonly OutputRequest[] {
  if (request.outputs.length > 0) return request.outputs;
  return [defaultOutput(engine.images !== undefined)];
}

/** What a finished build has to say. */
export function resultOf(
  plan: BuildPlan,
  engine: Engine,
  image: Image,
  placed: PlacedImage,
  tests: readonly TestOutcome[],
  clock: StageClock,
): BuildResult {
  const files = image.rootfs.entries.filter((entry) => entry.type === 'file');
  return {
    recipe: plan.recipe.name,
    platform: plan.platform,
    engine: engine.name,
    tags: placed.imageId === null ? [] : plan.tags,
    imageId: placed.imageId,
    diffId: image.rootfs.diffId,
    manifestDigest: image.manifest.digest,
    rootfsBytes: files.reduce((sum, { size }) => sum + size, 0),
    outputs: placed.outputs,
    outDir: plan.outDir,
    tests,
    warnings: clock.warnings,
    cached: false,
    timings: clock.timings(),
  };
}
