import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { quietly } from '../base/cleanup.ts';
import { ioError } from '../base/errors.ts';
import { ownedName, ownerState } from './owner.ts';

/** A file or folder that is being made beside the place where it will stand. */
export interface Staged {
  /** Where to write it. */
  readonly path: string;
  commit(): Promise<void>;
  discard(): Promise<void>;
}

/** `new`: not whole yet. `old`: what stood there, for the moment between two renames. */
type Part = 'new' | 'old';

/** Hidden, and named for the process that makes it, so that a later run knows what was left. */
const partName = async (dest: string, part: Part) =>
  join(dirname(dest), `.${basename(dest)}.${await ownedName()}.${part}`);

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Puts in order what a run that was killed left beside `dest`. */
async function recover(dest: string): Promise<void> {
  const prefix = `.${basename(dest)}.`;
  for (const name of await readdir(dirname(dest))) {
    if (!name.startsWith(prefix)) continue;
    const [, owner = '', part] = /^(.*)\.(new|old)$/.exec(name.slice(prefix.length)) ?? [];
    if ((await ownerState(owner)) !== 'dead') continue;
    const path = join(dirname(dest), name);
    if (part === 'old' && !(await exists(dest))) await rename(path, dest);
    else await rm(path, { recursive: true, force: true });
  }
}

/** Makes the folder; resolves to a function that removes what was made, as far as it is empty. */
async function makeFolder(folder: string): Promise<() => Promise<void>> {
  const first = await mkdir(folder, { recursive: true });
  return async () => {
    if (first === undefined) return;
    for (let made = folder; made.startsWith(first); made = dirname(made)) await rmdir(made);
  };
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A folder cannot be renamed over one that is not empty, so the old one steps aside. */
async function replaceFolder(path: string, dest: string): Promise<void> {
  const old = await partName(dest, 'old');
  const had = await exists(dest);
  if (had) await rename(dest, old);
  try {
    await rename(path, dest);
  } catch (error) {
    if (had) await rename(old, dest);
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
  let removeFolder = async () => {};
  const discard = async () => {
    await quietly(rm(path, { recursive: true, force: true }));
    await quietly(removeFolder());
  };
  const commit = async () => {
    try {
      await (kind === 'file' ? rename(path, dest) : replaceFolder(path, dest));
      await syncFolder(dirname(dest));
    } catch (error) {
      throw ioError(error, 'putting in place', dest);
    }
  };
  try {
    removeFolder = await makeFolder(dirname(dest));
    await recover(dest);
    await fill(path);
  } catch (error) {
    await discard();
    throw ioError(error, 'writing', dest);
  }
  return { path, commit, discard };
}
