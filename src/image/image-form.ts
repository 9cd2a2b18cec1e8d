import { MkbaseError } from '../base/errors.ts';
import type { FilePart } from '../oci/archive-files.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import { manifestOf } from './compose-image.ts';
import { type Compression, type LayerCompression, layerType } from './compress/compressions.ts';
import type { Image, ImageForm } from './image.ts';

/** Returns a rootfs's tar as a part of a file. */
export const tarPart = ({ tar, diffId, size }: Rootfs): FilePart => ({
  file: tar,
  offset: 0,
  size,
  sha256: diffId,
});

/** Returns the form of an image whose layers are compressed in a way that manifests can name. */
export function formWith(
  { config }: Pick<Image, 'config'>,
  compression: LayerCompression,
  layers: readonly FilePart[],
): ImageForm {
  const mediaType = layerType(compression);
  const listed = layers.map(({ sha256: digest, size }) => ({ mediaType, digest, size }));
  return { compression, layers, manifest: manifestOf(config, listed) };
}

const missing = (compression: Compression) =>
  new MkbaseError({
    code: 'INTERNAL',
    message: `No layer of the image was compressed with ${compression}.`,
  });

/** Returns the layers of an image as they were compressed; the tars themselves for `none`. INTERNAL. */
export function packedLayers(
  { rootfs, packed = [] }: Image,
  compression: Compression,
): readonly FilePart[] {
  if (compression === 'none') return [tarPart(rootfs)];
  const found = packed.find((each) => each.compression === compression);
  if (found === undefined) throw missing(compression);
  return found.layers;
}

/** Returns the form of an image that has its layers in a compression. INTERNAL. */
export function imageForm(image: Image, compression: Compression = 'none'): ImageForm {
  if (compression === 'none') {
    return { compression, layers: [tarPart(image.rootfs)], manifest: image.manifest };
  }
  const found = image.forms?.find((each) => each.compression === compression);
  if (found === undefined) throw missing(compression);
  return found;
}
