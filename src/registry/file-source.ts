import { createReadStream } from 'node:fs';
import type { Descriptor } from '../oci/blob.ts';
import type { BlobSource } from './blobs.ts';

/** Makes a blob that is sent from a file. */
export const blobFromFile = (
  path: string,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
): BlobSource => ({
  ...{ digest, size },
  bytes: () =>
    size === 0 ? new Uint8Array() : createReadStream(path, { highWaterMark: 256 * 1024 }),
});
