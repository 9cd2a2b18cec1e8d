import type { Output } from '../contract.ts';
import { destinationOf, isUnchanged, loadCommand, requestOf } from '../file-output.ts';

const name = 'docker';

/** An archive that loads everywhere, with a stable image ID; it is loaded if there is a store. */
export const dockerOutput: Output = {
  name,
  place: 'file',
  isOption: true,
  holdsImage: true,
  parse: (values) => requestOf(name, values),
  async stage(image, request, target, io) {
    const dest = destinationOf(request, target.outDir, 'image.docker.tar');
    const { stageDocker } = await import('./stage-docker.ts');
    return stageDocker(image, request, dest, target, io);
  },
  isCurrent: async (placed, earlier) =>
    (await isUnchanged(placed, earlier)) && (await earlier.isStored()),
  nextCommand: loadCommand,
};
