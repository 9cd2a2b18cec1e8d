import { setFlagsFromString } from 'node:v8';
import type { Io } from '../base/events.ts';
import type { Invocation } from '../base/invocation.ts';
import { outputOf } from '../outputs/outputs.ts';
import { cachedBuild } from './build-cache.ts';
import type { BuildRequest, BuildResult } from './request.ts';

/** Builds one image, or finds that it is there already, on this machine. */
async function builtHere(
  request: BuildRequest,
  invocation: Invocation,
  io: Io,
): Promise<BuildResult> {
  const cached = await cachedBuild(request, invocation, io);
  if (cached) return cached;
  // A build streams and makes much short-lived garbage, for which V8 would let its nursery grow.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { runPipeline } = await import('./pipeline.ts');
  return runPipeline(request, invocation, io);
}

/**
 * Builds one image, or finds that it is there already; has its evidence signed where that is asked for, and then
 * delivers what goes beyond this machine. The pipeline and all it needs are loaded only when there is something
 * to build.
 */
export async function buildImage(
  request: BuildRequest,
  invocation: Invocation,
  io: Io,
): Promise<BuildResult> {
  const built = await builtHere(request, invocation, io);
  await request.vouch?.(built);
  if (!built.outputs.some((placed) => outputOf(placed).deliver)) return built;
  const { deliver } = await import('./deliver.ts');
  await deliver(request.outputs, built, invocation, io);
  return built;
}
