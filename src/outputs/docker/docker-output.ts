import { layerCompressions } from '../../image/compress/compressions.ts';
import { compressionKey, layeredRequest } from '../compression-key.ts';
import type { Output } from '../contract.ts';
import { destinationOf, isUnchanged, loadCommand } from '../file-output.ts';

const name = 'docker';

/** An archive that loads everywhere, with a stable image ID; it is loaded if there is a store. */
export const dockerOutput: Output = {
  name,
  place: 'file',
  isOption: true,
  holdsImage: true,
  layerForms: layerCompressions,
  keys: { compression: compressionKey },
  parse: (values) => layeredRequest(name, values),
  async stage(image, request, target, io) {
    const dest = destinationOf(request, target.outDir, 'image.docker.tar');
    const { stageDocker } = await import('./stage-docker.ts');
    return stageDocker(image, request, dest, target, io);
  },
  isCurrent: async (placed, earlier) =>
    (await isUnchanged(placed, earlier)) && (await earlier.isStored()),
  nextCommand: loadCommand,
};
