import { linkSync, mkdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { ByteString } from '../base/byte-string.ts';
import { interrupted, ioError, MkbaseError } from '../base/errors.ts';
import { type ContentReader, contentReader } from './content.ts';
import type { Entry } from './entry.ts';
import { parentOf, shown } from './names.ts';
import { type Attributes, finishDirectory, placeFile, placeSymlink } from './place-entry.ts';

export interface ExtractOptions {
  /** Give files their owners; only root of the machine can. */
  readonly ownership: boolean;
  readonly signal?: AbortSignal;
}

/** Something that an extracted folder lacks. */
export interface SkippedPart {
  readonly path: ByteString;
  /** Devices and fifos; or extended attributes, whose file is there without them. */
  readonly what: 'device' | 'fifo' | 'xattrs';
}

/**
 * The directories and files made so far. The folder is fresh and nobody else's, so it holds nothing
 * else: a parent that is listed as a directory is one, and no symlink.
 */
interface Made {
  readonly directories: Map<ByteString, Attributes>;
  readonly files: Set<ByteString>;
}

/** Between so many entries others get a turn: progress, Ctrl-C. */
const turn = 64;

function refuse(entry: Entry, problem: string): never {
  throw new MkbaseError({
    code: 'ROOTFS_REFUSED',
    message: `Cannot unpack ${shown(entry.path)}: ${problem}.`,
  });
}

/** Refuses an entry that would land anywhere but in a directory that was made here. */
function checkPlace(entry: Entry, made: Made): void {
  const unsafe = entry.path.split('/').some((part) => ['', '.', '..'].includes(part));
  const parent = parentOf(entry.path);
  if (unsafe) refuse(entry, 'it is no path inside the folder');
  if (parent !== '' && !made.directories.has(parent)) refuse(entry, 'its parent is no directory');
  if (entry.type === 'hardlink' && !made.files.has(entry.target)) {
    refuse(entry, `it is a hard link to ${shown(entry.target)}, which is no file before it`);
  }
}

type Place = (path: ByteString) => Buffer;

/** Makes one entry under a new name; returns the part that cannot be made. */
async function makeEntry(
  entry: Entry,
  place: Place,
  made: Made,
  contents: ContentReader,
  ownership: boolean,
): Promise<SkippedPart['what'] | undefined> {
  const at = place(entry.path);
  switch (entry.type) {
    case 'directory':
      mkdirSync(at, 0o700);
      made.directories.set(entry.path, entry);
      break;
    case 'file':
      await placeFile(at, entry, ownership, contents);
      made.files.add(entry.path);
      break;
    case 'hardlink':
      linkSync(place(entry.target), at);
      made.files.add(entry.path);
      break;
    case 'symlink':
      placeSymlink(at, entry, ownership);
      break;
    default:
      return entry.type === 'fifo' ? 'fifo' : 'device';
  }
  return entry.xattrs.length > 0 ? 'xattrs' : undefined;
}

/**
 * Unpacks entries into `folder` (absolute, empty, and no other user may write to it). Parents come
 * before what is in them and files before their hard links, as in a canonical list. No symlink is
 * ever followed. Devices, fifos and extended attributes are left out and returned. Throws
 * ROOTFS_REFUSED for an entry out of place; NO_SPACE, IO, INTERRUPTED.
 */
export async function extractEntries(
  entries: Iterable<Entry>,
  folder: string,
  { ownership, signal }: ExtractOptions,
): Promise<SkippedPart[]> {
  const root = Buffer.from(`${folder}/`);
  const place: Place = (path) => Buffer.concat([root, Buffer.from(path, 'latin1')]);
  const made: Made = { directories: new Map(), files: new Set() };
  const skipped: SkippedPart[] = [];
  const contents = contentReader();
  let count = 0;
  try {
    for (const entry of entries) {
      if (signal?.aborted) throw interrupted(signal);
      checkPlace(entry, made);
      const what = await makeEntry(entry, place, made, contents, ownership);
      if (what !== undefined) skipped.push({ path: entry.path, what });
      count += 1;
      if (count % turn === 0) await setImmediate();
    }
    // Deepest first: a directory may be closed to its own owner, and filling one moves its time.
    for (const [path, attributes] of [...made.directories].reverse()) {
      finishDirectory(place(path), attributes, ownership);
    }
    return skipped;
  } catch (error) {
    throw ioError(error, 'unpacking into', folder);
  } finally {
    contents.close();
  }
}
