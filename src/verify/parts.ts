import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FilePart } from '../oci/read-layout.ts';
import type { Entry } from '../tar/entry.ts';
import { readTar } from '../tar/read.ts';

/** The files of an archive or folder, by their path in it, hashed. */
export interface Parts {
  readonly files: ReadonlyMap<string, FilePart>;
  /** All members of an archive in their order; undefined for a folder. */
  readonly entries?: readonly Entry[];
}

/** An image's archive has a handful; a root filesystem has up to a million. */
const maxEntries = 1_000_000;

/** Bytes of a file on disk, `size` from `offset` on. */
export const bytesOf = (
  { file, offset, size }: Pick<FilePart, 'file' | 'offset' | 'size'>,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> =>
  size === 0
    ? nothing()
    : createReadStream(file, {
        start: offset,
        end: offset + size - 1,
        highWaterMark: 256 * 1024,
        signal,
      });

async function* nothing(): AsyncGenerator<Uint8Array> {}

export async function sha256Of(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest('hex');
}

/** sha256 of a regular file, 64 hexadecimal digits; undefined where there is none. */
export async function hashFile(file: string, signal: AbortSignal): Promise<string | undefined> {
  const stats = await stat(file).catch(() => undefined);
  if (!stats?.isFile()) return undefined;
  return sha256Of(bytesOf({ file, offset: 0, size: stats.size }, signal));
}

/**
 * Everything in an archive, in one pass. ARCHIVE_REFUSED for one that cannot be read to its end. Of a
 * name that stands there twice the first counts; the entries have both.
 */
export async function archiveParts(file: string, signal: AbortSignal): Promise<Parts> {
  const files = new Map<string, FilePart>();
  const entries: Entry[] = [];
  const { size } = await stat(file);
  const members = readTar(bytesOf({ file, offset: 0, size }, signal), {
    source: file,
    limits: { maxEntries },
    keepRoot: true,
  });
  for await (const { entry, contentOffset, content } of members) {
    if (entry.type !== 'file') {
      entries.push(entry);
      continue;
    }
    const range = { file, offset: contentOffset, size: entry.size };
    const part = { ...range, sha256: `sha256:${await sha256Of(content)}` };
    if (!files.has(entry.path)) files.set(entry.path, part);
    entries.push({ ...entry, content: range });
  }
  return { files, entries };
}

/** Everything in a folder, and in the folders of it; what is neither file nor folder is left out. */
export async function folderParts(root: string, signal: AbortSignal): Promise<Parts> {
  const files = new Map<string, FilePart>();
  const names = await readdir(root, { recursive: true });
  for (const name of names.sort()) {
    const file = join(root, name);
    const stats = await lstat(file);
    if (!stats.isFile()) continue;
    const range = { file, offset: 0, size: stats.size };
    const sha256 = await sha256Of(bytesOf(range, signal));
    files.set(name, { ...range, sha256: `sha256:${sha256}` });
  }
  return { files };
}
