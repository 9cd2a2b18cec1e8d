import type { Io } from '../base/events.ts';
import type { Invocation } from '../base/invocation.ts';
import type { Engine } from '../engines/engine.ts';
import type { Image } from '../image/image.ts';
import type { ArrivingImage, OutputRequest } from '../outputs/contract.ts';
import { defaultOutput } from '../outputs/outputs.ts';
import { beginOutputs, type EarlyOutputs, type PlacedImage, placeImage } from '../outputs/place.ts';
import type { OpenBuild } from './open-build.ts';
import type { BuildRequest } from './request.ts';

/** Returns the outputs that were asked for, or the one that suits the engine. */
function outputsFor(request: BuildRequest, engine: Engine): readonly OutputRequest[] {
  if (request.outputs.length > 0) return request.outputs;
  return [defaultOutput(engine.images !== undefined, request.layers === 'base')];
}

/** The outputs of a run, which may begin before the image is whole. */
export interface EarlyPlacing {
  /** Begins with those outputs that can. */
  begin(image: ArrivingImage): void;
  /** Places the image that is whole now. Errors as placeImage. */
  place(image: Image): Promise<PlacedImage>;
  /** Removes every trace of an output that began and was not placed. Never throws. */
  discard(): Promise<void>;
}

/** Returns the outputs of a run that has not made its image yet. */
export function earlyPlacing(
  request: BuildRequest,
  { plan, engine }: OpenBuild,
  { env }: Invocation,
  io: Io,
): EarlyPlacing {
  const { outDir, tags } = plan;
  const target = { outDir, tags, store: engine.images, env };
  const requests = outputsFor(request, engine);
  let beginning: Promise<EarlyOutputs> | undefined;
  return {
    begin(image) {
      beginning = beginOutputs(image, requests, target, io);
      beginning.catch(() => undefined);
    },
    place: async (image) => placeImage(image, requests, target, io, (await beginning)?.begun),
    async discard() {
      const early = await beginning?.catch(() => undefined);
      await early?.discard();
    },
  };
}
