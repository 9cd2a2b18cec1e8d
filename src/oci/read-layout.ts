import { createReadStream } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import { sha256OfStream } from '../base/hash.ts';
import { isRecord, type JsonRecord } from '../base/json.ts';
import { readContent } from '../tar/content.ts';
import { readTar } from '../tar/read.ts';

/** A range of bytes on disk and their digest. */
export interface FilePart {
  readonly file: string;
  readonly offset: number;
  readonly size: number;
  /** `sha256:<hex>`, computed from the bytes. */
  readonly sha256: string;
}

/** Finds a file of an OCI layout by its path from the root. */
export type LocateFile = (path: string) => Promise<FilePart | undefined>;

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

const streamOf = (file: string, signal: AbortSignal) =>
  createReadStream(file, { highWaterMark: 1024 * 1024, signal });

/** Hashes every file of an archive in one pass, in the order in which they stand there. */
async function openArchive(file: string, signal: AbortSignal): Promise<LocateFile> {
  const parts = new Map<string, FilePart>();
  const members = readTar(streamOf(file, signal), { source: file, limits: { maxEntries } });
  for await (const { entry, contentOffset, content } of members) {
    if (entry.type !== 'file') continue;
    if (parts.has(entry.path)) refuseImage(file, `it holds ${entry.path} twice`);
    const { size } = entry;
    const sha256 = await digestOfStream(content);
    parts.set(entry.path, { file, offset: contentOffset, size, sha256 });
  }
  return async (path) => parts.get(path);
}

const openFolder =
  (folder: string, signal: AbortSignal): LocateFile =>
  async (path) => {
    const file = join(folder, path);
    const found = await lstat(file).catch(() => undefined);
    if (!found?.isFile()) return undefined;
    const sha256 = await digestOfStream(streamOf(file, signal));
    return { file, offset: 0, size: found.size, sha256 };
  };

/** Opens an OCI image layout: a folder or an archive of one. ARCHIVE_REFUSED for a damaged archive. */
export async function openLayout(path: string, signal: AbortSignal): Promise<LocateFile> {
  const found = await stat(path);
  const locate = found.isDirectory() ? openFolder(path, signal) : await openArchive(path, signal);
  if ((await locate('oci-layout')) === undefined) refuseImage(path, 'it holds no OCI image layout');
  return locate;
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
