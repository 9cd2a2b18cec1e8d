import type { Blob } from '../oci/blob.ts';
import type { ImageOnDisk } from './image-on-disk.ts';

/** One image for each of several platforms, and the index that lists them. */
export interface ImageSet {
  readonly index: Blob;
  /** In the order of the index. */
  readonly images: readonly ImageOnDisk[];
}
