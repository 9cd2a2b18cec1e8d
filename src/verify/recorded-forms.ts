import { isSha256 } from '../base/hash.ts';
import { type JsonRecord, list, record, text } from '../base/json.ts';
import {
  compressionOfType,
  type LayerCompression,
  layerCompressions,
} from '../image/compress/compressions.ts';
import type { Image, ImageForm } from '../image/image.ts';
import { formWith } from '../image/image-form.ts';
import type { FilePart } from '../oci/archive-files.ts';

/** The subjects of an image of one layer that is not compressed: manifest, config and rootfs. */
const plainSubjects = 3;

/** Returns a compressed layer that a subject names; undefined for another subject. */
function layerIn(subject: unknown): (FilePart & { readonly of: LayerCompression }) | undefined {
  const { digest, mediaType, annotations } = record(subject);
  const of = compressionOfType(text(mediaType));
  const sha256 = text(record(digest).sha256);
  const { size } = record(annotations);
  if (of === undefined || of === 'none' || !isSha256(sha256) || !Number.isSafeInteger(size))
    return undefined;
  return { of, file: '', offset: 0, size: Number(size), sha256: `sha256:${sha256}` };
}

/** Returns the compressed layers that a provenance names, by their compression. */
function layersIn(statement: JsonRecord | undefined): Map<LayerCompression, FilePart[]> {
  const layers = list(statement?.subject).slice(plainSubjects).map(layerIn);
  return new Map(
    layerCompressions.flatMap((compression) => {
      const own = layers.filter((each) => each?.of === compression).filter((each) => !!each);
      return own.length === 0 ? [] : [[compression, own] as const];
    }),
  );
}

/** Returns the compressions of which a provenance names layers. */
export const recordedCompressions = (statement: JsonRecord | undefined): LayerCompression[] => [
  ...layersIn(statement).keys(),
];

/** Computes the forms of an image that have the compressed layers which a provenance names. */
export const recordedForms = (
  statement: JsonRecord | undefined,
  image: Pick<Image, 'config' | 'annotations'>,
): ImageForm[] =>
  [...layersIn(statement)].map(([compression, layers]) => formWith(image, compression, layers));

/** Returns `sha256:<hex>` of the manifests of compressed forms among the subjects of a provenance. */
export const recordedManifests = (statement: JsonRecord, mediaType: string): string[] =>
  list(statement.subject)
    .slice(plainSubjects)
    .map(record)
    .filter((subject) => subject.mediaType === mediaType)
    .map(({ digest }) => `sha256:${text(record(digest).sha256)}`);
