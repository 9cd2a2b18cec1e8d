import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ioError, MkbaseError } from '../../../base/errors.ts';
import { makeFolder } from '../../../store/make-folder.ts';
import { writeWholeFile } from '../../../store/write-whole-file.ts';

/** The newest index of a suite that was ever believed, kept so that an older one is noticed. */
export interface Remembered {
  readonly mirror: string;
  readonly suite: string;
  /** `Date` of the Release file, seconds since 1970. */
  readonly date: number;
  /** The InRelease file itself, base64: what an offline run reads. */
  readonly inRelease: string;
}

/** File that remembers a suite of a mirror, below the cache folder. */
export function rememberedFile(cacheFolder: string, mirror: string, suite: string): string {
  const name = createHash('sha256').update(`${mirror} ${suite}`).digest('hex').slice(0, 32);
  return join(cacheFolder, 'state', 'debian', `${name}.json`);
}

/** What is remembered; undefined when nothing is, or when the file was damaged. */
export async function recall(file: string): Promise<Remembered | undefined> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<Remembered> | null;
    const whole = Number.isFinite(value?.date) && typeof value?.inRelease === 'string';
    return whole ? (value as Remembered) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw ioError(error, 'reading', file);
  }
}

/** Replaces what is remembered, whole or not at all. Errors: IO, NO_SPACE. */
export async function remember(file: string, value: Remembered): Promise<void> {
  await makeFolder(dirname(file)).catch((error: unknown) => {
    throw ioError(error, 'making', dirname(file));
  });
  await writeWholeFile(file, JSON.stringify(value));
}

/** Refuses an index older than one seen before at the same place: a replayed, validly signed file. */
export function refuseRollback(
  seen: Remembered | undefined,
  date: number,
  what: string,
  file: string,
): void {
  if (seen === undefined || date >= seen.date) return;
  const iso = (time: number) => new Date(time * 1000).toISOString();
  throw new MkbaseError({
    code: 'SOURCE_UNTRUSTED',
    message: `${what} is dated ${iso(date)}, older than the one of ${iso(seen.date)} that this mirror served before.`,
    hint: `Try again later or with another mirror (--mirror); if going back is meant, remove ${file}.`,
  });
}
