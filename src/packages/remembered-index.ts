import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ioError, MkbaseError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { makeFolder } from '../store/make-folder.ts';
import type { Store } from '../store/store.ts';
import { writeWholeFile } from '../store/write-whole-file.ts';

/** The newest index that was ever believed from one URL, kept so that an older one is noticed. */
export interface RememberedIndex {
  /** Its URL without credentials, for people who look into the file. */
  readonly place: string;
  /** Its date, seconds since 1970. */
  readonly date: number;
  /** Its blob in the store: an offline run reads it again. */
  readonly sha256: string;
}

/** Returns the file that remembers an index, below the cache folder. */
export function rememberedIndexFile(
  cacheFolder: string,
  family: 'alpine' | 'debian' | 'rpm',
  place: string,
): string {
  const name = createHash('sha256').update(place).digest('hex').slice(0, 32);
  return join(cacheFolder, 'state', family, `${name}.json`);
}

/** Reads a remembered index; undefined when there is none, or when the file was damaged. */
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

/** Replaces a remembered index, whole or not at all. Errors: IO, NO_SPACE. */
export async function rememberIndex(file: string, value: RememberedIndex): Promise<void> {
  await makeFolder(dirname(file)).catch((error: unknown) => {
    throw ioError(error, 'making', dirname(file));
  });
  await writeWholeFile(file, JSON.stringify(value));
}

/** Reads the bytes of the index that was believed last. Throws OFFLINE when there are none. */
export async function rememberedBytes(
  seen: RememberedIndex | undefined,
  what: string,
  store: Store,
  io: Io,
): Promise<Buffer> {
  if (seen === undefined || !(await store.verify(seen.sha256, io))) {
    throw new MkbaseError({
      code: 'OFFLINE',
      message: `${what} was never fetched, and --offline forbids fetching it.`,
      hint: 'Run the same command once without --offline.',
    });
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(seen.sha256)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Refuses an index older than one seen before at the same URL: a replayed, validly signed file. */
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
