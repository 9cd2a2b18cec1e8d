import type { ByteString } from '../../base/byte-string.ts';
import { refusedArchive } from '../../tar/decompress.ts';
import { readTar } from '../../tar/read.ts';

/** A file in a segment. */
export interface SegmentFile {
  readonly path: ByteString;
  readonly mtime: number;
  readonly bytes: Buffer;
}

const maxEntries = 64;

/**
 * Reads the files of a small archive into memory. Throws ARCHIVE_REFUSED, also for anything but files in it
 * and for more than `maxBytes`.
 */
export async function readFiles(
  tar: AsyncIterable<Uint8Array>,
  { maxBytes, what }: { readonly maxBytes: number; readonly what: string },
): Promise<SegmentFile[]> {
  const files: SegmentFile[] = [];
  const limits = { maxBytes, maxEntries };
  for await (const { entry, content } of readTar(tar, { source: what, limits })) {
    if (entry.type !== 'file') throw refusedArchive(what, `holds a ${entry.type} among its files`);
    const { path, mtime, size } = entry;
    if (size > maxBytes) throw refusedArchive(what, `holds a file of ${size} bytes`);
    const bytes = Buffer.allocUnsafe(size);
    let filled = 0;
    for await (const chunk of content) {
      bytes.set(chunk, filled);
      filled += chunk.length;
    }
    files.push({ path, mtime, bytes });
  }
  return files;
}

/** Tells the reader that nothing follows. */
const endMark = Buffer.alloc(1024);

async function* closed(segment: Buffer): AsyncGenerator<Uint8Array> {
  yield segment;
  yield endMark;
}

/**
 * Reads the files of a tar segment: an archive that another may follow, so that it may lack the zeros
 * at its end (apk-v2(5)). Throws as readFiles.
 */
export const readSegment = (segment: Buffer, what: string): Promise<SegmentFile[]> =>
  readFiles(closed(segment), { maxBytes: segment.length + endMark.length, what });

/** Tells whether a member holds signatures only, and not yet the signed files. */
export const isSignature = (files: readonly SegmentFile[]): boolean =>
  files.length > 0 && files.every(({ path }) => path.startsWith('.SIGN.'));
