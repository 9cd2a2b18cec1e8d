import type { FileHandle } from 'node:fs/promises';
import { relative } from 'node:path';
import { printed } from '../base/characters.ts';
import { MkbaseError } from '../base/errors.ts';
import { sha256OfBytes } from '../base/hash.ts';
import { openToRead } from '../base/host-files.ts';
import { recipeError, type SourceText } from './diagnostics/recipe-error.ts';

/** Bytes of the largest file: more than any recipe a person writes. */
const largest = 1_048_576;

/** Returns the path for messages: relative when the file is below `cwd`. */
function shownPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path === '' || path.startsWith('..') ? file : path;
}

function unreadable(shownAs: string, problem: string, hint: string, cause?: unknown): MkbaseError {
  const message = `Cannot read ${printed(shownAs)}: ${problem}.`;
  return new MkbaseError({ code: 'IO', message, hint, cause });
}

/** Reads no more than the limit and one byte, also from a file that grows meanwhile. */
async function readBytes(handle: FileHandle, shownAs: string): Promise<Buffer> {
  const stats = await handle.stat();
  if (!stats.isFile()) {
    throw unreadable(shownAs, 'it is not a regular file', 'Name a YAML file, or its folder.');
  }
  const buffer = Buffer.alloc(Math.min(stats.size, largest) + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
    length += bytesRead;
    if (length > largest) {
      const problem = `it is larger than ${largest} bytes`;
      throw unreadable(shownAs, problem, 'Put large contents into files beside the recipe.');
    }
    if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
  }
}

/** Decodes UTF-8, without a byte order mark. Throws RECIPE_INVALID at the first bad byte. */
function decode(bytes: Buffer, file: string, shownAs: string, sha256: string): SourceText {
  const text = bytes.toString('utf8');
  const source = { file, shownAs, text: text.replace(/^\ufeff/, ''), sha256 };
  const again = Buffer.from(text, 'utf8');
  if (again.equals(bytes)) return source;
  const differs = bytes.findIndex((byte, index) => byte !== again[index]);
  // A character cut off at the end may begin as U+FFFD does, which stands for it in the text.
  const bad = differs === -1 ? bytes.length - 1 : differs;
  const start = bytes.subarray(0, bad).toString('utf8').length;
  const found = bytes[bad]!.toString(16).padStart(2, '0');
  const message = `the byte 0x${found} is not UTF-8 text`;
  const mistake = { span: { start, end: start + 1 }, message, hint: 'save the file as UTF-8' };
  throw recipeError({ ...source, text }, [mistake]);
}

const reasons: Readonly<Record<string, readonly [string, string]>> = {
  EACCES: ['permission denied', 'Give yourself read permission on the file and its folders.'],
  EPERM: ['permission denied', 'Give yourself read permission on the file and its folders.'],
  ELOOP: ['its symbolic links form a loop', 'Point the link at the file itself.'],
};

/**
 * Reads a recipe's or toolchain's YAML file.
 *
 * Throws IO when it cannot be read, is no regular file or is too large, and RECIPE_INVALID when it is
 * not UTF-8.
 */
export async function readSource(file: string, cwd: string): Promise<SourceText> {
  const shownAs = shownPath(file, cwd);
  let handle: FileHandle | undefined;
  try {
    handle = await openToRead(file, true);
    const bytes = await readBytes(handle, shownAs);
    return decode(bytes, file, shownAs, sha256OfBytes(bytes));
  } catch (error) {
    if (error instanceof MkbaseError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    const [problem, hint] = reasons[code] ?? [message, 'Check the file and the disk it is on.'];
    throw unreadable(shownAs, problem, hint, error);
  } finally {
    await handle?.close();
  }
}
