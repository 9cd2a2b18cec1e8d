import { hostPlatform } from '../../base/platform.ts';
import { engineName } from '../../engines/engine.ts';
import type { BuiltImage, Output } from '../contract.ts';
import { destinationOf, isUnchanged, requestOf } from '../file-output.ts';

const name = 'dockerfile';

/** Returns the command that builds the image from the folder. */
function buildCommand({ engine, recipe, platform, path }: BuiltImage): string {
  const builder = engine === engineName.namespace ? engineName.docker : engine;
  // A Dockerfile that begins from scratch does not say what platform its image is for.
  const foreign = platform === hostPlatform().name ? '' : ` --platform ${platform}`;
  return `${builder} build${foreign} --tag mkbase/${recipe} ${path}`;
}

/** A folder that `docker build` makes the image from; asked for by `mkbase export`. */
export const dockerfileOutput: Output = {
  name,
  place: 'file',
  isOption: false,
  folder: 'a folder',
  holdsImage: false,
  oneLayer: 'docker build makes one layer of it',
  parse: (values) => requestOf(name, values),
  async stage(image, request, target, io) {
    const dest = destinationOf(request, target.outDir, name);
    const { stageDockerfile } = await import('./stage-dockerfile.ts');
    return stageDockerfile(image, request, dest, io);
  },
  isCurrent: isUnchanged,
  nextCommand: buildCommand,
};
