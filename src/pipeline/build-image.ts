import { setFlagsFromString } from 'node:v8';
import type { Io } from '../base/events.ts';
import { earlierBuild, type RecordPlace } from './build-cache.ts';
import type { BuildRequest, BuildResult } from './request.ts';

/**
 * Builds one image, or finds that it is there already. The pipeline and all it needs are loaded only
 * when there is something to build.
 */
export async function buildImage(
  request: BuildRequest,
  place: RecordPlace,
  io: Io,
): Promise<BuildResult> {
  const earlier = await earlierBuild(request, place, io);
  if (earlier) return earlier;
  // What follows streams: it makes much short-lived garbage, for which V8 would let its nursery grow.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { runPipeline } = await import('./pipeline.ts');
  return runPipeline(request, place, io);
}
