import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, rename } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type Host, host, openFlags } from './host.ts';

/**
 * Opens a file for reading without waiting, a symbolic link only with `follow`. Errors: those of open(2); ELOOP
 * for a link, where the system has no flag for that, too.
 */
export async function openToRead(
  path: string,
  follow: boolean,
  notLink: number = openFlags.notLink,
): Promise<FileHandle> {
  if (!follow && notLink === 0 && (await lstat(path)).isSymbolicLink()) {
    throw Object.assign(new Error(`ELOOP: ${path} is a symbolic link`), { code: 'ELOOP' });
  }
  return open(path, constants.O_RDONLY | openFlags.notWaiting | (follow ? 0 : notLink));
}

/** A file that another process has open, be it a virus scanner, is in use on such a system for moments. */
const inUse = new Set(['EPERM', 'EACCES', 'EBUSY']);
const tries = 20;
const betweenTries = 50;

/**
 * Renames a file or folder; a file may replace another. Where files that are open cannot be replaced, it is
 * tried for a second. Errors: those of rename(2).
 */
export async function moveTo(
  from: string,
  to: string,
  { replacesOpenFiles }: Host = host,
  move: (from: string, to: string) => Promise<void> = rename,
): Promise<void> {
  for (let left = replacesOpenFiles ? 1 : tries; ; left--) {
    try {
      return await move(from, to);
    } catch (error) {
      if (left === 1 || !inUse.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await pause(betweenTries);
    }
  }
}

/** Waits until the names in a folder are on the disk, where the system can do that (fsync(2)). */
export async function flushFolder(path: string, { opensFolders }: Host = host): Promise<void> {
  if (!opensFolders) return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Beginnings of files that are run: of a script (execve(2)) and of an ELF file. */
const programStarts = [Buffer.from('#!'), Buffer.from('\x7fELF', 'latin1')];

async function startsAsProgram(path: string): Promise<boolean> {
  const handle = await openToRead(path, false);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    const start = buffer.subarray(0, bytesRead);
    return programStarts.some((each) => start.subarray(0, each.length).equals(each));
  } finally {
    await handle.close();
  }
}

/**
 * Tells whether a regular file is one to run: by its owner's bit or, on a system without such bits, by whether
 * it begins as a script or a program does. Errors: those of open(2).
 */
export const isExecutable = async (
  path: string,
  { mode }: Pick<Stats, 'mode'>,
  { hasModes }: Host = host,
): Promise<boolean> => (hasModes ? (mode & 0o100) !== 0 : startsAsProgram(path));
