import type { Output } from '../contract.ts';
import { isUnchanged, requestOf } from '../file-output.ts';
import { loadCommand } from './load-command.ts';

const name = 'oci';

/** An OCI image layout: one archive or, when `dest` ends in a slash, a folder. */
export const ociOutput: Output = {
  name,
  place: 'file',
  isOption: true,
  folder: 'an OCI folder',
  holdsImage: true,
  parse: (values) => requestOf(name, values),
  stage: async (image, request, target, io) =>
    (await import('./stage-oci.ts')).stageOci(image, request, target, io),
  isCurrent: isUnchanged,
  nextCommand: loadCommand,
};
