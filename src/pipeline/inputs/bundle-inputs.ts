import type { Io } from '../../base/events.ts';
import type { Invocation } from '../../base/invocation.ts';
import { platforms } from '../../base/platform.ts';
import { kindOf, loadCompressBuilder } from '../../kinds/kinds.ts';
import { writeBundle } from '../../lock/bundle/write.ts';
import { blobsOf, inputSets, type NamedBlob } from '../../lock/inputs.ts';
import { wantedByCompressor, wantedByToolchain, wantedOf } from '../../lock/lock.ts';
import type { Lock } from '../../lock/schema.ts';
import { atItsLine } from '../../recipe/diagnostics/at-line.ts';
import { sourceOf } from '../../recipe/kind.ts';
import { builderFor } from '../builder.ts';
import { withoutStaleCompressor } from '../compress/pin-compressor.ts';
import { type OpenBuild, openBuild } from '../open-build.ts';
import type { BuildRequest } from '../request.ts';
import { inStage } from '../stages.ts';
import { currentLock, keepLock } from './current-lock.ts';
import { fetchBuilder, fetchInputs } from './fetch-inputs.ts';
import { proveInputs } from './prove-inputs.ts';

/** A bundle that was written. */
export interface Bundled {
  /** Absolute path. */
  readonly file: string;
  readonly inputs: number;
  /** Bytes. */
  readonly size: number;
}

/** Returns the indexes whose hashes the signed ones name, the builder's too. */
async function indexFiles(
  { plan: { recipe, toolchain, platform }, sources }: OpenBuild,
  lock: Lock,
  io: Io,
): Promise<NamedBlob[]> {
  const own = await kindOf(recipe.from).load();
  const wanted = wantedOf(recipe, platforms[platform]);
  const found = [...(await own.indexFiles(wanted, sourceOf(lock.from), sources.image, io))];
  const { compressor } = lock;
  if (compressor !== undefined) {
    const { indexFiles } = await kindOf(compressor.from).load();
    const ask = wantedByCompressor(compressor);
    found.push(...(await indexFiles(ask, sourceOf(compressor.from), sources.compressor, io)));
  }
  if (toolchain === undefined || lock.toolchain === undefined) return found;
  const builders = await kindOf(toolchain.from).load();
  const locked = sourceOf(lock.toolchain.from);
  const ask = wantedByToolchain(toolchain, platforms[platform]);
  return [...found, ...(await builders.indexFiles(ask, locked, sources.builder, io))];
}

/**
 * Returns what goes into a bundle once inputs were fetched and proven: all from which that can be done
 * again, as far as the store has it.
 */
export async function bundledInputs(open: OpenBuild, lock: Lock, io: Io): Promise<NamedBlob[]> {
  const sets = inputSets(lock);
  const signatures = sets.flatMap(({ indexes }) =>
    indexes.filter(({ role }) => role === 'signature').map(({ sha256 }) => sha256),
  );
  const absent = new Set<string>();
  for (const sha256 of signatures) if (!(await open.store.verify(sha256, io))) absent.add(sha256);
  const all = [...blobsOf(sets), ...(await indexFiles(open, lock, io))];
  const present = all.filter(({ sha256 }) => !absent.has(sha256));
  return [...new Map(present.map((blob) => [blob.sha256, blob])).values()];
}

/**
 * Puts every locked byte of a recipe, its builder's too, the signed indexes and the lock into one
 * file, from which the recipe can be built without network. Errors: those of currentLock, fetchInputs
 * and writeBundle.
 */
export async function bundleInputs(
  request: BuildRequest,
  dest: string,
  invocation: Invocation,
  io: Io,
): Promise<Bundled> {
  const open = await openBuild(request, invocation, io);
  const { plan, sources, store } = open;
  try {
    const options = { frozen: request.frozen === true, fresh: false };
    const lock = await withoutStaleCompressor(await currentLock(open, options, io));
    const { toolchain, platform } = plan;
    const builder =
      toolchain && lock.toolchain && (await builderFor(toolchain, lock.toolchain, platform));
    await fetchInputs(plan, lock, builder, sources, io);
    const { compressor } = lock;
    if (compressor !== undefined) {
      const toolchain = await loadCompressBuilder();
      const compressing = await builderFor(toolchain, compressor, compressor.platform);
      await fetchBuilder(compressing, sources.compressor, io);
    }
    await proveInputs(open, lock, { ...request, afresh: true }, io);
    await keepLock(plan, lock, io);
    const inputs = await bundledInputs(open, lock, io);
    const size = await inStage(
      io,
      'image',
      'Writing the bundle',
      () => writeBundle(lock, inputs, dest, store, io),
      () => dest,
    );
    return { file: dest, inputs: inputs.length, size };
  } catch (error) {
    throw await atItsLine(error, plan.recipe, invocation.cwd);
  } finally {
    await open.dispose();
  }
}
