import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ioError, MkbaseError } from '../../../base/errors.ts';
import { sha256OfBytes } from '../../../base/hash.ts';

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
  const name = sha256OfBytes(`${mirror} ${suite}`).slice(0, 32);
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

/** Replaces what is remembered, whole or not at all. */
export async function remember(file: string, value: Remembered): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, JSON.stringify(value));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw ioError(error, 'writing', file);
  }
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
