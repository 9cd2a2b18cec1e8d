import { layerCompressions } from '../../image/compress/compressions.ts';
import { compressionKey, layeredRequest } from '../compression-key.ts';
import type { Output, OutputRequest } from '../contract.ts';
import { destinationOf, isUnchanged, loadCommand } from '../file-output.ts';

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
  layerForms: layerCompressions,
  keys: { compression: compressionKey },
  parse: (values) => layeredRequest(name, values),
  async stage(image, request, target, io) {
    const [{ stageOci }, { imageLayout }, { imageForm }] = await Promise.all([
      import('./stage-oci.ts'),
      import('./layout.ts'),
      import('../../image/image-form.ts'),
    ]);
    const layout = imageLayout(image, imageForm(image, request.compression));
    return stageOci(layout, request, destOf(request, target.outDir), target, io);
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
