import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ioError, MkbaseError } from '../../base/errors.ts';
import { sha256OfBytes } from '../../base/hash.ts';
import { writeWholeFile } from '../../store/write-whole-file.ts';

/** The newest index of a repository that was ever believed, kept so that an older one is noticed. */
export interface RememberedIndex {
  /** Mirror, repository and architecture, for whoever looks. */
  readonly place: string;
  /** When it was made, seconds since 1970. */
  readonly date: number;
  /** Its blob in the store: what an offline run reads. */
  readonly sha256: string;
}

/** File that remembers an index, below the cache folder. */
export function rememberedIndexFile(cacheFolder: string, place: string): string {
  const name = sha256OfBytes(place).slice(0, 32);
  return join(cacheFolder, 'state', 'alpine', `${name}.json`);
}

/** What is remembered; undefined when nothing is, or when the file was damaged. */
export async function recallIndex(file: string): Promise<RememberedIndex | undefined> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<RememberedIndex> | null;
    const whole = Number.isFinite(value?.date) && /^[0-9a-f]{64}$/.test(value?.sha256 ?? '');
    return whole ? (value as RememberedIndex) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw ioError(error, 'reading', file);
  }
}

/** Replaces what is remembered, whole or not at all. Errors: IO, NO_SPACE. */
export async function rememberIndex(file: string, value: RememberedIndex): Promise<void> {
  await mkdir(dirname(file), { recursive: true }).catch((error: unknown) => {
    throw ioError(error, 'making', dirname(file));
  });
  await writeWholeFile(file, JSON.stringify(value));
}

/** Refuses an index older than one seen before at the same place: a replayed, validly signed file. */
export function refuseOlderIndex(
  seen: RememberedIndex | undefined,
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
