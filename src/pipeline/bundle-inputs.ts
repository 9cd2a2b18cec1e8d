import type { Io } from '../base/events.ts';
import { platforms } from '../base/platform.ts';
import type { SourceContext } from '../kinds/source-context.ts';
import { type LockedBlob, lockedBlobs, lockedIndexes } from '../lock/blobs.ts';
import { writeBundle } from '../lock/bundle/write.ts';
import type { Lock } from '../lock/locked.ts';
import { indexBlobs } from '../packages/deb/archive/index-blobs.ts';
import { atItsLine } from '../recipe/diagnostics/at-line.ts';
import type { RecordPlace } from './build-cache.ts';
import { builderFor } from './builder.ts';
import { currentLock, keepLock } from './current-lock.ts';
import { debSets } from './deb-sets.ts';
import { fetchInputs } from './fetch-inputs.ts';
import { inStage } from './in-stage.ts';
import { openBuild } from './open-build.ts';
import type { BuildPlan } from './plan.ts';
import type { BuildRequest } from './request.ts';

/** A bundle that was written. */
export interface Bundled {
  /** Absolute path. */
  readonly file: string;
  readonly inputs: number;
  /** Bytes. */
  readonly size: number;
}

/** The links of the chain of trust: signed Release files, and the indexes whose hashes they name. */
async function signedIndexes(
  { recipe, platform }: BuildPlan,
  lock: Lock,
  { debian }: SourceContext,
  io: Io,
): Promise<LockedBlob[]> {
  const found: LockedBlob[] = [...lockedIndexes(lock)];
  for (const set of debSets(recipe, lock, debian)) {
    found.push(...(await indexBlobs(set.debs, platforms[platform], set.context, io)));
  }
  return [...new Map(found.map((blob) => [blob.sha256, blob])).values()];
}

/**
 * Puts every locked byte of a recipe, its builder's too, the signed indexes and the lock into one
 * file, from which the recipe can be built without network. Errors: those of currentLock, fetchInputs
 * and writeBundle.
 */
export async function bundleInputs(
  request: BuildRequest,
  dest: string,
  place: RecordPlace,
  io: Io,
): Promise<Bundled> {
  const open = await openBuild(request, place, io);
  const { plan, sources, store } = open;
  try {
    const manners = { frozen: request.frozen === true, fresh: false };
    const lock = await currentLock(plan, open.locking, manners, io);
    const { toolchain, platform } = plan;
    const builder =
      toolchain && lock.toolchain && (await builderFor(toolchain, lock.toolchain, platform));
    await fetchInputs(plan.recipe, lock, builder, sources, io);
    await keepLock(plan, lock, io);
    const inputs = [...lockedBlobs(lock), ...(await signedIndexes(plan, lock, sources, io))];
    const size = await inStage(
      io,
      'image',
      'Writing the bundle',
      () => writeBundle(lock, inputs, dest, store, io),
      () => dest,
    );
    return { file: dest, inputs: inputs.length, size };
  } catch (error) {
    throw await atItsLine(error, plan.recipe, place.cwd);
  } finally {
    await open.dispose();
  }
}
