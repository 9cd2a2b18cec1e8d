import { join, resolve } from 'node:path';
import { ioError, MkbaseError } from '../../base/errors.ts';
import { isSha256 } from '../../base/hash.ts';
import { makeFolder } from '../make-folder.ts';

/** Bytes in the store, named by their hash. */
export interface BlobRef {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** The store's folders; all are on one file system, so that a rename between them is atomic. */
export interface Layout {
  readonly folder: string;
  /** Whole blobs, each named by its own hash. */
  readonly blobs: string;
  /** Blobs that are being written; names carry their owner. */
  readonly tmp: string;
  /** Downloads cut short, named by the hash they should get; nobody writes to these in place. */
  readonly partial: string;
}

export function layoutOf(folder: string): Layout {
  const root = resolve(folder);
  return {
    folder: root,
    blobs: join(root, 'blobs', 'sha256'),
    tmp: join(root, 'tmp'),
    partial: join(root, 'partial'),
  };
}

export async function makeLayout(layout: Layout): Promise<void> {
  for (const folder of [layout.blobs, layout.tmp, layout.partial]) {
    await makeFolder(folder).catch((error: unknown) => {
      throw ioError(error, 'making', folder);
    });
  }
}

/**
 * Returns the path of a blob. A name that is no hash is a defect of the caller, and might leave the
 * folder.
 */
export function blobPath(layout: Layout, sha256: string): string {
  if (!isSha256(sha256)) {
    throw new MkbaseError({ code: 'INTERNAL', message: `Not a sha256: ${JSON.stringify(sha256)}` });
  }
  return join(layout.blobs, sha256);
}

export const partialPath = (layout: Layout, sha256: string): string => join(layout.partial, sha256);
