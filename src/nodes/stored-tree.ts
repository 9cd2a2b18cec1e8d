import { constants } from 'node:fs';
import { copyFile, type FileHandle, link, lstat, open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ioError, MkbaseError } from '../base/errors.ts';
import { hashedStream, isSha256 } from '../base/hash.ts';
import { othersMayWrite, ownUser } from '../base/host.ts';
import { moveTo } from '../base/host-files.ts';
import { makeFolder } from '../store/make-folder.ts';
import { fileBytes } from '../tar/content.ts';
import type { Entry } from '../tar/entry.ts';
import { indexTar } from '../tar/read.ts';
import { writeTar } from '../tar/write.ts';

/** The digest of a tree's tar, 64 hexadecimal digits, and its length in bytes. */
export interface TreeDigest {
  readonly tree: string;
  readonly size: number;
}

/** Returns the folder of the trees below the cache folder: a tar each, named by its sha256. */
export const treesIn = (cache: string): string => join(cache, 'nodes');

const pathOf = (cache: string, tree: string): string => join(treesIn(cache), tree);

/** A tree that was written, or an error that stood in the way. */
interface Written extends TreeDigest {
  readonly problem: MkbaseError | undefined;
}

/**
 * Writes the tar of a tree to `file` and hashes it; it is hashed to its end where it cannot be written.
 * Nothing is flushed to the disk: the bytes are held against their digest whenever they are read.
 */
async function writeTree(entries: readonly Entry[], file: string): Promise<Written> {
  const { bytes, sha256, size } = hashedStream(writeTar(entries, { reuseMemory: true }));
  let problem: MkbaseError | undefined;
  const failed = (error: unknown) => {
    problem ??= ioError(error, 'writing', file) as MkbaseError;
    return undefined;
  };
  const handle: FileHandle | undefined = await open(file, 'wx', 0o600).catch(failed);
  try {
    for await (const chunk of bytes) {
      if (problem === undefined) await handle?.writeFile(chunk).catch(failed);
    }
  } finally {
    await handle?.close().catch(failed);
  }
  return { tree: sha256(), size: size(), problem };
}

/**
 * Stores a tree below the cache folder; `file` is a path of this run's own on the same file system.
 * Resolves to its digest, and to the error for which it is not stored: NO_SPACE, IO.
 */
export async function storeTree(
  cache: string,
  entries: readonly Entry[],
  file: string,
): Promise<Written> {
  const written = await writeTree(entries, file);
  const path = pathOf(cache, written.tree);
  try {
    if (written.problem !== undefined) return written;
    await makeFolder(dirname(path), 0o700);
    await moveTo(file, path);
    return written;
  } catch (error) {
    return { ...written, problem: ioError(error, 'storing', path) as MkbaseError };
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}

/** Tells whether nobody but this user can write a file, so that it stays as it was when it was hashed. */
async function isOwn(path: string): Promise<boolean> {
  const stats = await lstat(path);
  return stats.uid === (ownUser() ?? stats.uid) && !othersMayWrite(stats);
}

/**
 * Takes a stored tree to `file`, a path of this run's own: as another name of it, or as a copy where that
 * cannot be or others could write it. False where there is none of that size; its bytes are not looked at.
 */
export async function takeTree(
  cache: string,
  { tree, size }: TreeDigest,
  file: string,
): Promise<boolean> {
  const path = pathOf(cache, tree);
  try {
    const stats = await lstat(path);
    if (!stats.isFile() || stats.size !== size) return false;
    const linked = (await isOwn(path)) && (await isDone(link(path, file)));
    if (!linked) await copyFile(path, file, constants.COPYFILE_EXCL);
    return true;
  } catch {
    return false;
  }
}

const isDone = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

/**
 * Reads a tree that was taken to `file`; its files are ranges of that. Undefined when the bytes are not
 * those of its digest. Errors: IO.
 */
export async function readTaken(
  { tree }: TreeDigest,
  file: string,
): Promise<readonly Entry[] | undefined> {
  const { bytes, sha256 } = hashedStream(fileBytes(file));
  try {
    const entries = await indexTar(bytes, file, { source: `the stored tree ${tree}` });
    return sha256() === tree ? entries : undefined;
  } catch (error) {
    if (error instanceof MkbaseError && error.code === 'ARCHIVE_REFUSED') return undefined;
    throw ioError(error, 'reading', file);
  }
}

/** Lists the stored trees and how many bytes each has; 0 for what is none. */
export async function storedTrees(cache: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const name of await readdir(treesIn(cache)).catch(() => [])) {
    const stats = await lstat(join(treesIn(cache), name)).catch(() => undefined);
    sizes.set(name, isSha256(name) && stats?.isFile() ? stats.size : 0);
  }
  return sizes;
}

/** Removes a stored tree, or whatever else stands among them under that name. */
export const removeStored = async (cache: string, name: string): Promise<void> => {
  await rm(join(treesIn(cache), name), { recursive: true, force: true }).catch(() => undefined);
};
