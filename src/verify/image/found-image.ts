import type { JsonRecord } from '../../base/json.ts';
import type { Contents } from '../../evidence/inventory/contents.ts';
import type { PathRecord } from '../../evidence/mtree/path-record.ts';
import type { FilePart } from '../../oci/archive-files.ts';
import type { Mismatch } from '../report.ts';

/** An image as computed from its bytes. Parts that could not be read are left out. */
export interface FoundImage {
  /** The file or folder that it was read from, for messages. */
  readonly file: string;
  /** `sha256:<hex>`; a Docker archive without an OCI layout has no manifest. */
  readonly manifestDigest?: string;
  /** In bytes. */
  readonly manifestSize?: number;
  readonly configDigest?: string;
  readonly config?: JsonRecord;
  /** The root filesystem, which is the one layer or what several make. */
  readonly layer?: FoundLayer;
  /** The layers as they are stored, the lowest first; undefined for the tar of a rootfs. */
  readonly layers?: readonly StoredLayer[];
  /** mkbase packed it itself: no other tool may have written its manifest. */
  readonly isOwnForm?: true;
}

/** A layer as it is stored, and the digest and length of its uncompressed tar. */
export interface StoredLayer {
  readonly part: FilePart;
  readonly diffId: string;
  readonly size: number;
}

/** A root filesystem that was read to its end. */
export interface FoundLayer {
  /** The uncompressed tar where it is stored as such, else the compressed blob; left out for what several make. */
  readonly part?: FilePart;
  /** `sha256:<hex>` and length of the uncompressed tar. */
  readonly diffId: string;
  readonly size: number;
  /** Undefined when it is no tar that can be read. */
  readonly paths?: readonly PathRecord[];
  /** The same with contents, where they are stored as they are. */
  readonly contents?: Contents;
}

/** An image that was read, and every claim in it that is wrong. */
export interface ReadImage {
  readonly image: FoundImage;
  readonly mismatches: readonly Mismatch[];
}
