import type { Output, OutputRequest } from '../contract.ts';
import { destinationOf, isUnchanged, loadCommand, requestOf } from '../file-output.ts';

const name = 'oci';

const destOf = (request: OutputRequest, outDir: string): string =>
  destinationOf(request, outDir, 'image.oci.tar');

/** An OCI image layout: one archive or, when `dest` ends in a slash, a folder. */
export const ociOutput: Output = {
  name,
  place: 'file',
  isOption: true,
  folder: 'an OCI folder',
  holdsImage: true,
  parse: (values) => requestOf(name, values),
  async stage(image, request, target, io) {
    const [{ stageOci }, { imageLayout }] = await Promise.all([
      import('./stage-oci.ts'),
      import('./layout.ts'),
    ]);
    return stageOci(imageLayout(image), request, destOf(request, target.outDir), target, io);
  },
  async stageSet(set, request, target, io) {
    const [{ stageOci }, { indexLayout }] = await Promise.all([
      import('./stage-oci.ts'),
      import('./layout.ts'),
    ]);
    return stageOci(indexLayout(set), request, destOf(request, target.outDir), target, io);
  },
  isCurrent: isUnchanged,
  nextCommand: loadCommand,
};
