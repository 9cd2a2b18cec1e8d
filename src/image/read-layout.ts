import { createReadStream } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfStream } from '../base/hash.ts';
import { readTar } from '../tar/read.ts';
import { refuse } from './read-json.ts';

/** A range of bytes on disk and what they hash to. */
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

/** `sha256:<hex>` of a stream. */
export async function hashOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  return `sha256:${await sha256OfStream(bytes)}`;
}

const streamOf = (file: string, signal: AbortSignal) =>
  createReadStream(file, { highWaterMark: 1024 * 1024, signal });

/** One pass hashes everything in the archive, in whatever order it stands there. */
async function openArchive(file: string, signal: AbortSignal): Promise<LocateFile> {
  const parts = new Map<string, FilePart>();
  const members = readTar(streamOf(file, signal), { source: file, limits: { maxEntries } });
  for await (const { entry, contentOffset, content } of members) {
    if (entry.type !== 'file') continue;
    if (parts.has(entry.path)) refuse(file, `it holds ${entry.path} twice`);
    const { size } = entry;
    parts.set(entry.path, { file, offset: contentOffset, size, sha256: await hashOf(content) });
  }
  return async (path) => parts.get(path);
}

const openFolder =
  (folder: string, signal: AbortSignal): LocateFile =>
  async (path) => {
    const file = join(folder, path);
    const found = await lstat(file).catch(() => undefined);
    if (!found?.isFile()) return undefined;
    return { file, offset: 0, size: found.size, sha256: await hashOf(streamOf(file, signal)) };
  };

/** Opens an OCI image layout: a folder or an archive of one. ARCHIVE_REFUSED for a damaged archive. */
export async function openLayout(path: string, signal: AbortSignal): Promise<LocateFile> {
  const found = await stat(path);
  const locate = found.isDirectory() ? openFolder(path, signal) : await openArchive(path, signal);
  if ((await locate('oci-layout')) === undefined) refuse(path, 'it holds no OCI image layout');
  return locate;
}
