import { type PlatformName, platformNames } from '../base/platform.ts';
import { type Blob, type Descriptor, jsonBlob, mediaTypes } from '../oci/blob.ts';
import type { Annotations } from './annotations.ts';
import { ociPlatform } from './compose-image.ts';

/** An image as an index lists it. */
export interface IndexedImage {
  readonly platform: PlatformName;
  readonly manifest: Descriptor;
}

const byPlatform = (a: IndexedImage, b: IndexedImage): number =>
  platformNames.indexOf(a.platform) - platformNames.indexOf(b.platform);

/**
 * Returns the image index (image-spec 1.1, image-index.md) of one image for each platform, in the order
 * in which mkbase lists platforms, with the annotations that the build was asked for. It is a function of the
 * arguments alone.
 */
export function composeIndex(images: readonly IndexedImage[], annotations: Annotations = {}): Blob {
  return jsonBlob(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [...images].sort(byPlatform).map(({ platform, manifest }) => ({
      ...manifest,
      platform: ociPlatform(platform),
    })),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  });
}
