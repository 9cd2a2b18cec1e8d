import { join } from 'node:path';
import { counted } from '../base/amounts.ts';
import type { Io } from '../base/events.ts';
import { giveBackMemory } from '../base/give-back-memory.ts';
import { gatherEvidence } from '../evidence/evidence.ts';
import { composeImage } from '../image/config.ts';
import { takeBundle } from '../lock/bundle/read.ts';
import { inputsDigest } from '../lock/inputs-digest.ts';
import { placeImage } from '../outputs/place.ts';
import { atItsLine } from '../recipe/at-line.ts';
import { assembleRootfs } from '../rootfs/rootfs.ts';
import type { Store } from '../store/store.ts';
import { type RecordPlace, rememberBuild } from './build-cache.ts';
import { builderFor, makeBuilder } from './builder.ts';
import { currentLock, keepLock, lockCopyOf } from './current-lock.ts';
import { holdAgainst, policyOf } from './enforce-policy.ts';
import { fetchInputs } from './fetch-inputs.ts';
import { inStage } from './in-stage.ts';
import { openBuild } from './open-build.ts';
import type { BuildRequest, BuildResult } from './request.ts';
import { outputsFor, resultOf } from './result.ts';
import { buildParts } from './rootfs-parts.ts';
import { tryImage } from './run-smoke-tests.ts';
import { stageClock } from './stage-clock.ts';
import { writeEvidence } from './write-evidence.ts';

/** Takes the bundle of inputs that the request names into the store. */
const inputsOffered = async ({ inputs }: BuildRequest, store: Store, io: Io) =>
  inputs === undefined ? undefined : takeBundle(inputs, store, io);

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
  const policy = await policyOf(request, place.cwd);
  const open = await openBuild(request, place, io);
  const { plan, engine, store, sources, folder } = open;
  const { recipe, toolchain, platform } = plan;
  let leftovers: Promise<unknown> = Promise.resolve();
  try {
    const offered = await inputsOffered(request, store, io);
    const manners = { frozen: request.frozen === true, fresh: request.noCache, offered };
    const pinned = await currentLock(plan, open.locking, manners, io);
    const lock = { ...pinned, epoch: plan.epoch ?? pinned.epoch };
    giveBackMemory();
    const builder =
      toolchain && lock.toolchain && (await builderFor(toolchain, lock.toolchain, platform));
    const ready = builder === undefined || (await engine.hasToolchain(builder.reference, io));
    const missing = ready ? undefined : builder;
    await fetchInputs(recipe, lock, missing, sources, io);
    await keepLock(plan, pinned, io);
    if (missing) await makeBuilder(missing, { engine, store, folder }, io);

    // While a builder is at work there is time for it. It is no reason for this build to fail.
    leftovers = engine.removeLeftovers(new Date(), io).catch(() => []);
    const context = { engine, store, builder, folder };
    const parts = await inStage(
      io,
      'build',
      'Building the root filesystem',
      () => buildParts(recipe, lock, context, io),
      ({ layers }) => counted(layers[0]?.length ?? 0, 'entry', 'entries'),
    );

    const rootfs = await inStage(
      io,
      'rootfs',
      'Making it canonical',
      () => assembleRootfs({ ...parts, file: join(folder, 'rootfs.tar') }, io),
      ({ diffId }) => diffId,
    );

    const { name } = recipe;
    const image = composeImage(rootfs, recipe.image, {
      platform,
      created: lock.epoch,
      recipe: name,
      lockDigest: inputsDigest(pinned),
    });
    giveBackMemory();
    const { linked, beforeRun } = parts;
    const findings = gatherEvidence(
      {
        recipe,
        lock: pinned,
        image,
        store,
        ...(linked && { linked }),
        ...(beforeRun && { beforeRun }),
      },
      io,
    );
    // It goes on while the image is placed and tried; its failure is told when it is waited for.
    findings.catch(() => undefined);
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
      await holdAgainst(policy, await findings, { recipe, lock, image }, request, io);
      const finished = { lock, builder, image, tests };
      const evidence = await writeEvidence(await findings, open, request, finished, io);
      try {
        await placed.commit();
        await evidence.commit();
      } finally {
        await evidence.discard();
      }
      const result = resultOf(plan, engine, image, placed, tests, clock);
      const paths = { read: open.read, written: [plan.lockFile, lockCopyOf(plan)] };
      await rememberBuild(request, result, paths, place, io);
      return result;
    } finally {
      await placed.discard();
    }
  } catch (error) {
    throw await atItsLine(error, recipe, place.cwd);
  } finally {
    await Promise.all([open.dispose(), leftovers]);
  }
}
