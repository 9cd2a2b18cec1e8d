import { join } from 'node:path';
import { allowedBy } from '../build/allowed.ts';
import { build } from '../build/build.ts';
import { chooseEngine } from '../engines/choose.ts';
import type { Io } from '../events.ts';
import { composeImage } from '../image/config.ts';
import { placeImage } from '../image/place.ts';
import { assembleRootfs } from '../rootfs/rootfs.ts';
import { openStore } from '../store/store.ts';
import { openWorkspace } from '../store/workspace.ts';
import { counted } from './amounts.ts';
import { builderFor, makeBuilder } from './builder.ts';
import { currentLock, keepLock, lockFileOf } from './current-lock.ts';
import { type RecordPlace, rememberBuild } from './earlier-build.ts';
import { fetchInputs } from './fetch-inputs.ts';
import { inStage } from './in-stage.ts';
import { looksBefore } from './paths-read.ts';
import { planBuild } from './plan.ts';
import type { BuildRequest, BuildResult } from './request.ts';
import { outputsFor, resultOf } from './result.ts';
import { sourceContext } from './source-context.ts';
import { stageClock } from './stage-clock.ts';
import { tryImage } from './try-image.ts';

/**
 * Builds one image from a recipe, stage by stage. Outputs and tags appear together at the end, when
 * the tests have passed; until then whatever was there before stays.
 */
export async function runPipeline(
  request: BuildRequest,
  place: RecordPlace,
  outer: Io,
): Promise<BuildResult> {
  const clock = stageClock(outer);
  const { io } = clock;
  const choosing = chooseEngine(request.engine, io);
  // A mistake in the recipe is told first; meanwhile a refusal must not count as unhandled.
  choosing.catch(() => undefined);
  const plan = await planBuild(request, place.cwd, process.env);
  const read = await looksBefore(plan);
  const { recipe, toolchain, platform } = plan;
  const engine = await choosing;
  const store = await openStore(place.cache);
  const sources = await sourceContext(store, request, process.env);
  let leftovers: Promise<unknown> = Promise.resolve();
  const { folder, dispose } = await openWorkspace(join(store.folder, 'tmp'));
  try {
    const lock = await currentLock(plan, sources, request.noCache, io);
    const epoch = plan.epoch ?? lock.epoch;

    const builder =
      toolchain && lock.toolchain && (await builderFor(toolchain, lock.toolchain, platform));
    const ready = builder === undefined || (await engine.hasToolchain(builder.reference, io));
    const missing = ready ? undefined : builder;
    await fetchInputs(recipe, lock, missing, sources, io);
    await keepLock(plan, lock);
    if (missing) await makeBuilder(missing, { engine, store, folder }, io);

    // While a builder is at work there is time for it. It is no reason for this build to fail.
    leftovers = engine.removeLeftovers(io).catch(() => []);
    const context = { engine, store, builder, folder };
    const entries = await inStage(
      io,
      'build',
      'Building the root filesystem',
      () => build(recipe, { ...lock, epoch }, context, io),
      ({ length }) => counted(length, 'entry', 'entries'),
    );

    const file = join(folder, 'rootfs.tar');
    const parts = { layers: [entries], recipe, epoch, allow: allowedBy(recipe), file };
    const rootfs = await inStage(
      io,
      'rootfs',
      'Making it canonical',
      () => assembleRootfs(parts, io),
      ({ diffId }) => diffId,
    );

    const { name } = recipe;
    const image = composeImage(rootfs, recipe.image, { platform, created: epoch, recipe: name });
    const target = { outDir: plan.outDir, tags: plan.tags, store: engine.images };
    const placed = await inStage(
      io,
      'image',
      'Packaging the image',
      () => placeImage(image, outputsFor(request, engine), target, io),
      () => image.manifest.digest,
    );
    try {
      const tests = await tryImage(request.noTest ? [] : recipe.test, placed, engine, io);
      await placed.commit();
      const result = resultOf(plan, engine, image, placed, tests, clock);
      const paths = { read, written: [lockFileOf(plan)] };
      await rememberBuild(request, result, paths, place, io);
      return result;
    } finally {
      await placed.discard();
    }
  } finally {
    await Promise.all([dispose(), leftovers]);
  }
}
