import type { Output } from '../contract.ts';
import { isUnchanged, requestOf } from '../file-output.ts';
import { loadCommand } from '../oci/load-command.ts';

const name = 'docker';

/** An archive that loads everywhere, with a stable image ID; it is loaded if there is a store. */
export const dockerOutput: Output = {
  name,
  place: 'file',
  isOption: true,
  holdsImage: true,
  parse: (values) => requestOf(name, values),
  stage: async (image, request, target, io) =>
    (await import('./stage-docker.ts')).stageDocker(image, request, target, io),
  isCurrent: async (placed, earlier) =>
    (await isUnchanged(placed, earlier)) && (await earlier.isStored()),
  nextCommand: loadCommand,
};
