import { createReadStream } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfStream } from '../../base/hash.ts';
import type { FilePart } from '../../oci/read-layout.ts';
import type { Entry } from '../../tar/entry.ts';
import { readTar } from '../../tar/read.ts';

/** The files of an archive or folder. */
export interface ArchiveFiles {
  /** By their path in it, hashed. */
  readonly files: ReadonlyMap<string, FilePart>;
  /** All members of an archive in their order; undefined for a folder. */
  readonly entries?: readonly Entry[];
}

/** A root filesystem has up to a million; an image's archive has a handful. */
const maxEntries = 1_000_000;

/** Streams a part of a file on disk: `size` bytes from `offset` on. */
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

/** Returns the sha256 of a regular file, 64 hexadecimal digits; undefined where there is none. */
export async function hashFile(file: string, signal: AbortSignal): Promise<string | undefined> {
  const stats = await stat(file).catch(() => undefined);
  if (!stats?.isFile()) return undefined;
  return sha256OfStream(bytesOf({ file, offset: 0, size: stats.size }, signal));
}

/**
 * Reads a tar archive in one pass. Throws ARCHIVE_REFUSED if it cannot be read to its end. If a name
 * stands there twice, `files` has the first of them and `entries` has both.
 */
export async function readArchive(file: string, signal: AbortSignal): Promise<ArchiveFiles> {
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
    const part = { ...range, sha256: `sha256:${await sha256OfStream(content)}` };
    if (!files.has(entry.path)) files.set(entry.path, part);
    entries.push({ ...entry, content: range });
  }
  return { files, entries };
}

/** Reads a folder and the folders in it; leaves out whatever is neither file nor folder. */
export async function readFolder(root: string, signal: AbortSignal): Promise<ArchiveFiles> {
  const files = new Map<string, FilePart>();
  const names = await readdir(root, { recursive: true });
  for (const name of names.sort()) {
    const file = join(root, name);
    const stats = await lstat(file);
    if (!stats.isFile()) continue;
    const range = { file, offset: 0, size: stats.size };
    const sha256 = await sha256OfStream(bytesOf(range, signal));
    files.set(name, { ...range, sha256: `sha256:${sha256}` });
  }
  return { files };
}
