import { stat } from 'node:fs/promises';
import { MkbaseError } from '../base/errors.ts';
import { sha256OfStream } from '../base/hash.ts';
import { isRecord, type JsonRecord } from '../base/json.ts';
import { readContent } from '../tar/content.ts';
import {
  type ArchiveFiles,
  type FilePart,
  type HashRange,
  readArchive,
  readFolder,
} from './archive-files.ts';

/** Far more than an image of one layer or the inputs of a build have, and few enough to remember. */
const maxEntries = 20_000;

/** Throws ARCHIVE_REFUSED: the image at `source` is not one that mkbase can read. */
export function refuseImage(source: string, why: string): never {
  throw new MkbaseError({
    code: 'ARCHIVE_REFUSED',
    message: `${source} is not an image that mkbase can read: ${why}.`,
    hint: 'Give the file or folder that mkbase wrote with --output type=oci or type=docker.',
  });
}

/** Reads a stream to its end and returns `sha256:<hex>` of its bytes. */
export async function digestOfStream(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  return `sha256:${await sha256OfStream(bytes)}`;
}

/**
 * Reads an OCI image layout, a folder or an archive of one, and hashes each file in it, unless `hash` does
 * otherwise. ARCHIVE_REFUSED for a damaged archive, and where a name stands twice.
 */
export async function openLayout(
  path: string,
  signal: AbortSignal,
  hash: HashRange = sha256OfStream,
): Promise<ArchiveFiles> {
  const isFolder = (await stat(path)).isDirectory();
  const archive = await (isFolder ? readFolder : readArchive)(path, signal, { maxEntries, hash });
  const [twice] = archive.twice;
  if (twice !== undefined) refuseImage(path, `it holds ${twice} twice`);
  if (!archive.files.has('oci-layout')) refuseImage(path, 'it holds no OCI image layout');
  return archive;
}

/**
 * Reads a part that holds one JSON object. `refuse` is given the end of a sentence about a part that
 * has more than `largest` bytes or holds anything else.
 */
export async function readJsonObject(
  part: FilePart,
  largest: number,
  refuse: (why: string, cause?: unknown) => never,
): Promise<JsonRecord> {
  if (part.size > largest) refuse(`has ${part.size} bytes`);
  try {
    const value: unknown = JSON.parse((await readContent(part)).toString('utf8'));
    if (isRecord(value)) return value;
  } catch (error) {
    if (error instanceof SyntaxError) return refuse('is no JSON object', error);
    throw error;
  }
  return refuse('is no JSON object');
}
