import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  lutimesSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { openFlags } from '../base/host.ts';
import type { ContentReader } from './content.ts';
import type { Entry } from './entry.ts';

/** One system call after another, without threads: a rootfs has many files, and most are small. */

type FileEntry = Extract<Entry, { type: 'file' }>;
type SymlinkEntry = Extract<Entry, { type: 'symlink' }>;

/** Owner, mode and time of what is there. */
export type Attributes = Pick<Entry, 'uid' | 'gid' | 'mode' | 'mtime'>;

const bufferSize = 1024 * 1024;

/** A new file, or EEXIST; never through a symlink. */
const newFile = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | openFlags.notLink;

function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

async function writeContent(fd: number, entry: FileEntry, contents: ContentReader): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(entry.size, bufferSize));
  for (let done = 0; done < entry.size; done += buffer.length) {
    const piece = buffer.subarray(0, entry.size - done);
    const filling = contents.fill(entry.content, done, piece);
    if (filling !== undefined) await filling;
    writeWhole(fd, piece);
  }
}

/** Makes a new file at `at`. Owner before mode: chown(2) clears the setuid bit. */
export async function placeFile(
  at: Buffer,
  entry: FileEntry,
  ownership: boolean,
  contents: ContentReader,
): Promise<void> {
  const fd = openSync(at, newFile, 0o600);
  try {
    await writeContent(fd, entry, contents);
    if (ownership) fchownSync(fd, entry.uid, entry.gid);
    fchmodSync(fd, entry.mode);
    futimesSync(fd, entry.mtime, entry.mtime);
  } finally {
    closeSync(fd);
  }
}

/** Makes a symlink at `at`. */
export function placeSymlink(at: Buffer, entry: SymlinkEntry, ownership: boolean): void {
  symlinkSync(Buffer.from(entry.target, 'latin1'), at);
  if (ownership) lchownSync(at, entry.uid, entry.gid);
  lutimesSync(at, entry.mtime, entry.mtime);
}

/** Gives a directory its attributes, once nothing more goes into it. */
export function finishDirectory(at: Buffer, attributes: Attributes, ownership: boolean): void {
  if (ownership) lchownSync(at, attributes.uid, attributes.gid);
  chmodSync(at, attributes.mode);
  utimesSync(at, attributes.mtime, attributes.mtime);
}
