import { MkbaseError } from '../base/errors.ts';
import type { FilePart } from '../oci/archive-files.ts';
import { manifestOf } from './compose-image.ts';
import { type Compression, type LayerCompression, layerType } from './compress/compressions.ts';
import type { Image, ImageForm, Layer } from './image.ts';

/** Returns an uncompressed tar as a part of a file. */
export const tarPart = ({ tar, diffId, size }: Layer): FilePart => ({
  file: tar,
  offset: 0,
  size,
  sha256: diffId,
});

/** Returns the form of an image whose layers are compressed in a way that manifests can name. */
export function formWith(
  { config, annotations }: Pick<Image, 'config' | 'annotations'>,
  compression: LayerCompression,
  layers: readonly FilePart[],
): ImageForm {
  const mediaType = layerType(compression);
  const listed = layers.map(({ sha256: digest, size }) => ({ mediaType, digest, size }));
  return { compression, layers, manifest: manifestOf(config, listed, annotations) };
}

const missing = (compression: Compression) =>
  new MkbaseError({
    code: 'INTERNAL',
    message: `No layer of the image was compressed with ${compression}.`,
  });

/** Returns a layer of an image, or its rootfs, as it was compressed; the tar itself for `none`. INTERNAL. */
export function packedTar(
  { packed = [] }: Pick<Image, 'packed'>,
  tar: Layer,
  compression: Compression,
): FilePart {
  if (compression === 'none') return tarPart(tar);
  const found = packed.find(
    (each) => each.compression === compression && each.diffId === tar.diffId,
  );
  if (found === undefined) throw missing(compression);
  return found.part;
}

/** Returns the form of an image that has its layers in a compression. INTERNAL. */
export function imageForm(image: Image, compression: Compression = 'none'): ImageForm {
  if (compression === 'none') {
    return { compression, layers: image.layers.map(tarPart), manifest: image.manifest };
  }
  const found = image.forms?.find((each) => each.compression === compression);
  if (found === undefined) throw missing(compression);
  return found;
}
