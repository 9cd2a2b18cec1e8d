import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MkbaseError } from '../base/errors.ts';
import { sha256OfStream } from '../base/hash.ts';
import { borrowedBytes, fileKind, openRegular, regularBytes } from '../base/regular-file.ts';
import type { Entry } from '../tar/entry.ts';
import { readTar } from '../tar/read.ts';

/** A range of bytes on disk and their digest. */
export interface FilePart {
  readonly file: string;
  readonly offset: number;
  readonly size: number;
  /** `sha256:<hex>`, computed from the bytes. */
  readonly sha256: string;
}

/** A range of bytes on disk whose digest is not known yet. */
export type Range = Omit<FilePart, 'sha256'>;

/** Reads the bytes of a range to their end and returns their sha256, 64 hexadecimal digits. */
export type HashRange = (bytes: AsyncIterable<Uint8Array>, range: Range) => Promise<string>;

/** Bounds of reading an archive or folder, and a reader that sees its bytes while they are hashed. */
export interface ReadFilesOptions {
  /** Most members; a million when left out. */
  readonly maxEntries?: number;
  /** Only hashes them when left out. */
  readonly hash?: HashRange;
}

/** The files of an archive or folder. */
export interface ArchiveFiles {
  /** By their path in it, hashed. */
  readonly files: ReadonlyMap<string, FilePart>;
  /** Paths that are neither file nor folder: `a symbolic link`, and where it leads. */
  readonly others: ReadonlyMap<string, { readonly kind: string; readonly target?: string }>;
  /** Paths that stand there more than once; `files` has the first of them. */
  readonly twice: readonly string[];
  /** All members of an archive in their order; undefined for a folder. */
  readonly entries?: readonly Entry[];
}

/** A root filesystem has up to a million; an image's archive has a handful. */
const mostMembers = 1_000_000;

/** Equals readTar's own limit: the largest archive, and the largest blob of a folder. */
export const largestArchive = 16 * 1024 ** 3;

/** Streams a part of a file on disk: `size` bytes from `offset` on. Refuses links, pipes and devices. */
export const bytesOf = (
  { file, offset, size }: Range,
  signal?: AbortSignal,
): AsyncIterable<Uint8Array> => regularBytes(file, { offset, size }, signal);

/** Streams the same bytes; a chunk is valid until the next. For readers that keep none of them. */
export const passingBytesOf = (
  { file, offset, size }: Range,
  signal?: AbortSignal,
): AsyncIterable<Uint8Array> => borrowedBytes(file, { offset, size }, signal);

/** Returns the size of a regular file. Errors: IO, also for anything else and for a larger one. */
export async function sizeOf(file: string): Promise<number> {
  const { handle, size } = await openRegular(file, { most: largestArchive });
  await handle.close();
  return size;
}

const kinds = {
  symlink: 'a symbolic link',
  hardlink: 'a hard link',
  fifo: 'a named pipe',
  character: 'a device',
  block: 'a device',
} as const;

/**
 * Reads a tar archive in one pass. Throws ARCHIVE_REFUSED if it cannot be read to its end, or has more
 * than `maxEntries` members.
 */
export async function readArchive(
  file: string,
  signal: AbortSignal,
  { maxEntries = mostMembers, hash = sha256OfStream }: ReadFilesOptions = {},
): Promise<ArchiveFiles> {
  const files = new Map<string, FilePart>();
  const others = new Map<string, { kind: string; target?: string }>();
  const seen = new Set<string>();
  const twice: string[] = [];
  const entries: Entry[] = [];
  const size = await sizeOf(file);
  const members = readTar(passingBytesOf({ file, offset: 0, size }, signal), {
    source: file,
    limits: { maxEntries },
    keepRoot: true,
  });
  for await (const { entry, contentOffset, content } of members) {
    const { path } = entry;
    const isFirst = !seen.has(path);
    if (isFirst) seen.add(path);
    else twice.push(path);
    if (entry.type === 'file') {
      const range = { file, offset: contentOffset, size: entry.size };
      const part = { ...range, sha256: `sha256:${await hash(content, range)}` };
      if (isFirst) files.set(path, part);
      entries.push({ ...entry, content: range });
      continue;
    }
    entries.push(entry);
    if (entry.type === 'directory') continue;
    const target = 'target' in entry ? { target: entry.target } : {};
    others.set(path, { kind: kinds[entry.type], ...target });
  }
  return { files, others, twice, entries };
}

/** Lists the paths below a folder, by name; follows no links. Throws ARCHIVE_REFUSED for too many. */
async function pathsBelow(root: string, maxEntries: number): Promise<string[]> {
  const found: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const each of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? each.name : `${folder}/${each.name}`;
      if (each.isDirectory()) folders.push(path);
      else found.push(path);
      if (found.length + folders.length <= maxEntries) continue;
      const message = `${root} holds more than ${maxEntries} files.`;
      throw new MkbaseError({ code: 'ARCHIVE_REFUSED', message, hint: 'Name the image itself.' });
    }
  }
  return found.sort();
}

/** Reads a folder and the folders in it. Errors: IO, ARCHIVE_REFUSED for one of too many files. */
export async function readFolder(
  root: string,
  signal: AbortSignal,
  { maxEntries = mostMembers, hash = sha256OfStream }: ReadFilesOptions = {},
): Promise<ArchiveFiles> {
  const files = new Map<string, FilePart>();
  const others = new Map<string, { kind: string }>();
  for (const path of await pathsBelow(root, maxEntries)) {
    const file = join(root, path);
    const stats = await lstat(file);
    if (!stats.isFile()) {
      others.set(path, { kind: fileKind(stats) });
      continue;
    }
    const range = { file, offset: 0, size: await sizeOf(file) };
    const sha256 = await hash(passingBytesOf(range, signal), range);
    files.set(path, { ...range, sha256: `sha256:${sha256}` });
  }
  return { files, others, twice: [] };
}
