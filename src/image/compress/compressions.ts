import { mediaTypes } from '../../oci/blob.ts';
import { compressionByName, tarEnding } from '../../tar/compression-names.ts';

/** The forms that a root filesystem's tar can be compressed in. */
export const compressions = ['none', 'gzip', 'zstd', 'xz'] as const;
export type Compression = (typeof compressions)[number];

/** A form that is not the tar itself. */
export type PackedForm = Exclude<Compression, 'none'>;

/** The forms of a layer that image-spec 1.1 has a media type for (layer.md). */
export const layerCompressions = ['none', 'gzip', 'zstd'] as const;
export type LayerCompression = (typeof layerCompressions)[number];

/** The same forms, as tar/ names them. */
export const forms = { none: 'none', gzip: 'gz', zstd: 'zst', xz: 'xz' } as const;

/** Returns the compression that a file's name states; undefined for a name that states none. */
export const compressionOf = (name: string): Compression | undefined =>
  compressions.find((each) => forms[each] === compressionByName(name));

/** Returns the ending of an archive's name. */
export const suffixOf = (compression: Compression): string => tarEnding(forms[compression]);

/** Returns the media type of a layer (image-spec 1.1, media-types.md). */
export const layerType = (compression: LayerCompression): string =>
  compression === 'none' ? mediaTypes.layer : `${mediaTypes.layer}+${compression}`;

/** Returns how the layer of a media type is compressed; undefined for another type. */
export const compressionOfType = (mediaType: string): LayerCompression | undefined =>
  layerCompressions.find((each) => layerType(each) === mediaType);
