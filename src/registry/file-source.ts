import { createReadStream } from 'node:fs';
import type { FilePart } from '../oci/archive-files.ts';
import type { Descriptor } from '../oci/blob.ts';
import type { BlobSource } from './blobs.ts';

const highWaterMark = 256 * 1024;

/** Makes a blob that is sent from a part of a file. */
export const blobFromPart = ({
  file,
  offset: start,
  size,
  sha256: digest,
}: FilePart): BlobSource => ({
  ...{ digest, size },
  bytes: () =>
    size === 0
      ? new Uint8Array()
      : createReadStream(file, { start, end: start + size - 1, highWaterMark }),
});

/** Makes a blob that is sent from a file. */
export const blobFromFile = (
  file: string,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
): BlobSource => blobFromPart({ file, offset: 0, size, sha256: digest });
