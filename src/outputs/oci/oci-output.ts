import type { Output } from '../contract.ts';
import { destinationOf, isUnchanged, loadCommand, requestOf } from '../file-output.ts';

const name = 'oci';

/** An OCI image layout: one archive or, when `dest` ends in a slash, a folder. */
export const ociOutput: Output = {
  name,
  place: 'file',
  isOption: true,
  folder: 'an OCI folder',
  holdsImage: true,
  parse: (values) => requestOf(name, values),
  async stage(image, request, target, io) {
    const dest = destinationOf(request, target.outDir, 'image.oci.tar');
    const { stageOci } = await import('./stage-oci.ts');
    return stageOci(image, request, dest, target, io);
  },
  isCurrent: isUnchanged,
  nextCommand: loadCommand,
};
