import type { Stats } from 'node:fs';
import { lstat, readdir, rm, utimes } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ioError, MkbaseError } from '../base/errors.ts';
import { homeFolder, othersMayWrite, ownUser } from '../base/host.ts';
import { openToRead } from '../base/host-files.ts';
import { makeFolder } from './make-folder.ts';
import { stage } from './staging.ts';
import { writeNewFile } from './write-whole-file.ts';

/**
 * The folder in which mkbase keeps what it has to remember and cannot fetch or compute again:
 * `$XDG_STATE_HOME/mkbase`, else `~/.local/state/mkbase`. A relative XDG_STATE_HOME is ignored, as the
 * XDG Base Directory Specification demands.
 */
export function stateFolder(env: Readonly<Record<string, string | undefined>>): string {
  const base = env.XDG_STATE_HOME;
  if (base !== undefined && isAbsolute(base)) return join(base, 'mkbase');
  return resolve(homeFolder(env), '.local', 'state', 'mkbase');
}

/** No file of the state comes near this size in bytes; a larger one is not read. */
const mostBytes = 4 * 1024 ** 2;

function refused(path: string, problem: string): MkbaseError {
  return new MkbaseError({
    code: 'IO',
    message: `${path} is not believed: ${problem}. Expected one of your own, that nobody else can write.`,
    hint: 'See who put it there and remove it, or point XDG_STATE_HOME at a folder of your own.',
  });
}

/** Says why a file or folder may hold what another user wrote; undefined when it may not. */
function problemOf(stats: Stats): string | undefined {
  const { uid, mode } = stats;
  const own = ownUser() ?? uid;
  if (uid !== own && uid !== 0) return `it belongs to user ${uid}, and this is user ${own}`;
  if (!othersMayWrite(stats)) return undefined;
  return `others can write it (mode ${(mode & 0o7777).toString(8).padStart(4, '0')})`;
}

const cannotBeReached = new Set(['ENOENT', 'ENOTDIR', 'EACCES']);

/** Resolves to undefined where there is nothing, or nothing that this user may look at. */
async function ifReached<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: NodeJS.ErrnoException) => {
    if (cannotBeReached.has(error.code ?? '')) return undefined;
    throw error;
  });
}

/** Lists the state folder and those below it down to `inside`, from the top. */
const foldersTo = (folder: string, inside: string): string[] =>
  inside === '.' ? [folder] : [...foldersTo(folder, dirname(inside)), join(folder, inside)];

/** Throws IO for a folder that is a link, or in which somebody else may write. */
async function checkFolder(path: string): Promise<void> {
  const stats = await ifReached(lstat(path));
  if (stats === undefined) return;
  const problem = stats.isDirectory() ? problemOf(stats) : 'it is no folder';
  if (problem !== undefined) {
    throw refused(path, stats.isSymbolicLink() ? 'it is a symbolic link' : problem);
  }
}

async function checkFolders(folder: string, inside: string): Promise<void> {
  for (const path of foldersTo(folder, inside)) await checkFolder(path);
}

async function readOwn(path: string): Promise<string> {
  const handle = await openToRead(path, false);
  try {
    const stats = await handle.stat();
    const problem = stats.isFile() ? problemOf(stats) : 'it is no file';
    if (problem !== undefined) throw refused(path, problem);
    if (stats.size > mostBytes) throw refused(path, `it has ${stats.size} bytes`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/**
 * Reads a file of the state folder `folder`, for instance `builders/a.json`; undefined when there is
 * none. IO for a link, for anything but a file, and for what somebody else could have written.
 */
export async function readState(folder: string, name: string): Promise<string | undefined> {
  const path = join(folder, name);
  await checkFolders(folder, dirname(name));
  try {
    return await ifReached(readOwn(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ELOOP'
      ? refused(path, 'it is a symbolic link')
      : ioError(error, 'reading', path);
  }
}

/**
 * Writes a file of the state folder whole or not at all, readable by its owner alone; folders are made
 * as needed. Errors: IO as readState, NO_SPACE.
 */
export async function writeState(folder: string, name: string, text: string): Promise<void> {
  const path = join(folder, name);
  await makeFolder(dirname(path), 0o700).catch((error: unknown) => {
    throw ioError(error, 'making', dirname(path));
  });
  await checkFolders(folder, dirname(name));
  const fill = (temporary: string) => writeNewFile(temporary, text, undefined, 0o600);
  const staged = await stage(path, 'file', fill);
  try {
    await staged.commit();
  } finally {
    await staged.discard();
  }
}

/** Lists the names in a folder of the state, sorted; none where there is no such folder. Errors: IO. */
export async function listState(folder: string, name: string): Promise<string[]> {
  await checkFolders(folder, name);
  const names = (await ifReached(readdir(join(folder, name)))) ?? [];
  return names.filter((each) => !each.startsWith('.')).sort();
}

/** Removes a file of the state; one that is not there is no error. Errors: IO. */
export async function removeState(folder: string, name: string): Promise<void> {
  await checkFolders(folder, dirname(name));
  await rm(join(folder, name), { force: true }).catch((error: unknown) => {
    throw ioError(error, 'removing', join(folder, name));
  });
}

/** Sets the time of a file of the state; one that is not there is no error. Errors: IO. */
export async function touchState(folder: string, name: string, now: Date): Promise<void> {
  await checkFolders(folder, dirname(name));
  await ifReached(utimes(join(folder, name), now, now)).catch((error: unknown) => {
    throw ioError(error, 'touching', join(folder, name));
  });
}

/** Returns the time of a file of the state, milliseconds since 1970; 0 where there is none. */
export async function stateTime(folder: string, name: string): Promise<number> {
  return (await ifReached(lstat(join(folder, name))))?.mtimeMs ?? 0;
}
