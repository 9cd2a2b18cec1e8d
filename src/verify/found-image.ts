import type { PathRecord } from '../evidence/mtree/path-record.ts';
import type { FilePart } from '../oci/read-layout.ts';
import type { JsonRecord } from './json-part.ts';

/** An image as its bytes have it, whatever they claim. What could not be read is left out. */
export interface FoundImage {
  /** What it was read from, for messages. */
  readonly file: string;
  /** `sha256:<hex>`; a Docker archive without an OCI layout has no manifest. */
  readonly manifestDigest?: string;
  readonly configDigest?: string;
  readonly config?: JsonRecord;
  readonly layer?: FoundLayer;
}

/** A layer, read to its end. */
export interface FoundLayer {
  /** The uncompressed tar where it is stored as such, else the compressed blob. */
  readonly part: FilePart;
  /** `sha256:<hex>` and length of the uncompressed tar. */
  readonly diffId: string;
  readonly size: number;
  /** Undefined when it is no tar that can be read. */
  readonly paths?: readonly PathRecord[];
}
