import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { quietly } from '../base/cleanup.ts';
import { ioError } from '../base/errors.ts';
import { sha256OfBytes } from '../base/hash.ts';
import { flushFolder, moveTo } from '../base/host-files.ts';
import { makeFolder } from './make-folder.ts';
import { ownedName, ownerState } from './owner.ts';

/** A file or folder that is complete under a hidden name beside the place where it will stand. */
export interface Staged {
  /** The hidden name. */
  readonly path: string;
  /** Renames it to its own name. */
  commit(): Promise<void>;
  /** Removes it if it was not committed. Never throws. */
  discard(): Promise<void>;
}

/** `new`: not whole yet. `old`: what stood there, for the moment between two renames. */
type Part = 'new' | 'old';

/** Most bytes of a name that still fit, with what is put around them, into the 255 of a file system. */
const longestName = 160;

/** Returns what hidden names beside a file or folder begin with; of a long name only its digest. */
function prefixOf(dest: string): string {
  const name = basename(dest);
  return `.${Buffer.byteLength(name) > longestName ? sha256OfBytes(name) : name}.`;
}

/** Returns a hidden name that says which process uses it, so that a later run finds leftovers. */
const partName = async (dest: string, part: Part) =>
  join(dirname(dest), `${prefixOf(dest)}${await ownedName()}.${part}`);

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

const notAllowed = ({ code }: NodeJS.ErrnoException) => code === 'EACCES';

/**
 * Removes what killed runs left beside `dest`, and puts back what one of them had set aside. A folder
 * that may be written and not read keeps its leftovers.
 */
async function recover(dest: string): Promise<void> {
  const prefix = prefixOf(dest);
  const names = await readdir(dirname(dest)).catch((error: NodeJS.ErrnoException) => {
    if (notAllowed(error)) return [];
    throw error;
  });
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const [, owner = '', part] = /^(.*)\.(new|old)$/.exec(name.slice(prefix.length)) ?? [];
    if ((await ownerState(owner)) !== 'dead') continue;
    const path = join(dirname(dest), name);
    if (part === 'old' && !(await exists(dest))) await moveTo(path, dest);
    else await rm(path, { recursive: true, force: true });
  }
}

/** Removes a folder that was made for a staged file and those above it up to `first`, if empty. */
async function removeFolders(folder: string, first: string | undefined): Promise<void> {
  if (first === undefined) return;
  for (let made = folder; made.startsWith(first); made = dirname(made)) await rmdir(made);
}

/**
 * Makes the names in a folder durable: a rename is on disk only when its folder is (fsync(2)). A folder
 * that may not be read cannot be opened for it, and is left to the system.
 */
export async function syncFolder(folder: string): Promise<void> {
  await flushFolder(folder).catch((error: NodeJS.ErrnoException) => {
    if (!notAllowed(error)) throw error;
  });
}

/** Renames a folder over another, which is set aside first: rename(2) refuses one with contents. */
async function replaceFolder(path: string, dest: string): Promise<void> {
  const old = await partName(dest, 'old');
  const had = await exists(dest);
  if (had) await moveTo(dest, old);
  try {
    await moveTo(path, dest);
  } catch (error) {
    if (had) await moveTo(old, dest);
    throw error;
  }
  if (had) await rm(old, { recursive: true, force: true });
}

/**
 * Makes a file or folder under another name in the folder of `dest`, fills it with `fill`, and
 * gives it its own name only on `commit`. When `fill` fails nothing is left. IO, NO_SPACE.
 */
export async function stage(
  dest: string,
  kind: 'file' | 'folder',
  fill: (path: string) => Promise<void>,
): Promise<Staged> {
  const path = await partName(dest, 'new');
  const folder = dirname(dest);
  let firstMade: string | undefined;
  const discard = async () => {
    await quietly(rm(path, { recursive: true, force: true }));
    await quietly(removeFolders(folder, firstMade));
  };
  const commit = async () => {
    try {
      await (kind === 'file' ? moveTo(path, dest) : replaceFolder(path, dest));
      await syncFolder(folder);
    } catch (error) {
      throw ioError(error, 'writing', dest);
    }
  };
  try {
    firstMade = await makeFolder(folder);
    await recover(dest);
    await fill(path);
  } catch (error) {
    await discard();
    throw ioError(error, 'writing', dest);
  }
  return { path, commit, discard };
}
