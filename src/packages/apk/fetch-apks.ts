import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ioError, MkbaseError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { isSha256, sha256OfBytes } from '../../base/hash.ts';
import { mapConcurrent } from '../../base/map-concurrent.ts';
import { writeWholeFile } from '../../store/write-whole-file.ts';
import { below, withoutCredentials } from '../mirror-url.ts';
import type { AlpineContext } from './alpine-context.ts';
import { checkApk } from './check-apk.ts';
import type { ListedApk } from './listed-apk.ts';
import type { LockedApk } from './locked-apks.ts';

const concurrency = 8;

/**
 * Brings packages into the store that an authenticated index lists, each checked against it, and pins
 * them by the hash of the whole file, which no index of apk states. Emits `progress` of stage `lock`.
 * Errors: SOURCE_UNREACHABLE, SOURCE_CORRUPT, ARCHIVE_REFUSED, OFFLINE, NO_SPACE, IO.
 */
export async function fetchApks(
  listed: readonly ListedApk[],
  mirror: string,
  context: AlpineContext,
  io: Io,
): Promise<LockedApk[]> {
  const total = listed.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const one = async (each: ListedApk, group: Io): Promise<LockedApk> => {
    const sha256 = await fetchOne(each, mirror, context, group);
    done += each.size;
    io.emit({ type: 'progress', stage: 'lock', done, total, item: each.name });
    const { built: _, ...pinned } = each;
    return { ...pinned, sha256 };
  };
  return mapConcurrent(listed, concurrency, one, io);
}

/** sha256 of the package, which is then in the store. */
async function fetchOne(
  listed: ListedApk,
  mirror: string,
  context: AlpineContext,
  io: Io,
): Promise<string> {
  const { store, offline } = context;
  const url = below(mirror, listed.filename);
  const what = withoutCredentials(url);
  const mark = markOf(store.folder, what, listed);
  const known = await knownHash(mark);
  if (known !== undefined && (await store.verify(known, io))) {
    await checkApk(store.read(known), listed, what);
    return known;
  }
  const { sha256, size } = await store.fetchUnpinned(url, { offline, maxBytes: listed.size }, io);
  if (size !== listed.size) throw otherSize(what, listed.size, size);
  await checkApk(store.read(sha256), listed, what);
  await mkdir(dirname(mark), { recursive: true }).catch((error: unknown) => {
    throw ioError(error, 'making', dirname(mark));
  });
  await writeWholeFile(mark, sha256);
  return sha256;
}

/**
 * File that says which blob was once had from there for a listing; the blob is checked again all the
 * same. The checksum alone would not do: it covers all but the signature, by which files differ.
 */
function markOf(cacheFolder: string, what: string, { checksum, size }: ListedApk): string {
  const name = sha256OfBytes(`${what} ${checksum} ${size}`);
  return join(cacheFolder, 'state', 'alpine', 'packages', name);
}

async function knownHash(mark: string): Promise<string | undefined> {
  const text = await readFile(mark, 'utf8').catch(() => '');
  return isSha256(text) ? text : undefined;
}

const otherSize = (what: string, expected: number, found: number) =>
  new MkbaseError({
    code: 'SOURCE_CORRUPT',
    message: `${what}: not the package that the signed index lists.\n  expected ${expected} bytes\n  found    ${found} bytes`,
    hint: 'The mirror may be in the middle of an update: try again later, or use another one with --mirror.',
  });
