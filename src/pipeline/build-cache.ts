import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf } from '../base/canonical-json.ts';
import { ioError, MkbaseError } from '../base/errors.ts';
import type { Io, Warning } from '../base/events.ts';
import { sha256OfBytes } from '../base/hash.ts';
import { packageVersion } from '../base/package-root.ts';
import { stillStored } from '../engines/still-stored.ts';
import { makeFolder } from '../store/make-folder.ts';
import { writeWholeFile } from '../store/write-whole-file.ts';
import type { BuildRequest, BuildResult } from './request.ts';

/** Absolute paths, and what stood there; texts that are equal mean that nothing has changed. */
export type Looks = Readonly<Record<string, string>>;

/** What a finished build leaves for the next one of the same request. */
interface BuildRecord {
  /** Every file and folder that was read or written. */
  readonly looks: Looks;
  readonly result: BuildResult;
}

/** Where the record of a request stands: requests that are equal share it. */
export interface RecordPlace {
  /** Absolute path of the cache folder. */
  readonly cache: string;
  readonly cwd: string;
  /** SOURCE_DATE_EPOCH, as it is set. */
  readonly epoch: string | undefined;
}

function recordFile(request: BuildRequest, { cache, cwd, epoch }: RecordPlace): string {
  const { offline: _, noCache: __, ...asked } = request;
  return join(
    cache,
    'builds',
    `${digestOf({ ...asked, cwd, epoch, version: packageVersion })}.json`,
  );
}

const attributes = ({ ino, size, mode, mtimeNs, ctimeNs }: BigIntStats): string =>
  [ino, size, mode, mtimeNs, ctimeNs].join(' ');

/**
 * What a path looks like: for a file its inode, size, mode and times, of which every write changes
 * one, and for a link also those of what it leads to; for a folder the names in it and what each of
 * them looks like.
 */
async function lookOf(path: string): Promise<string> {
  const stats = await lstat(path, { bigint: true }).catch(() => undefined);
  if (stats === undefined) return 'absent';
  if (stats.isSymbolicLink()) {
    const target = await stat(path, { bigint: true }).catch(() => undefined);
    return `${attributes(stats)} to ${target === undefined ? 'nothing' : attributes(target)}`;
  }
  if (!stats.isDirectory()) return attributes(stats);
  const hash = createHash('sha256');
  for (const name of (await readdir(path)).sort()) {
    hash.update(`${name}\0${await lookOf(join(path, name))}\0`);
  }
  return `folder ${hash.digest('hex')}`;
}

/** The look of a file by its contents: of one that had been read before it could be looked at. */
export const contentLook = (sha256: string): string => `sha256 ${sha256}`;

async function lookAgain(path: string, before: string): Promise<string> {
  if (!before.startsWith('sha256 ')) return lookOf(path);
  return contentLook(sha256OfBytes(await readFile(path)));
}

/** What stands at the paths now. */
export async function looksOf(paths: readonly string[]): Promise<Looks> {
  const pairs = paths.map(async (path) => [path, await lookOf(path)] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

async function looksTheSame({ looks }: BuildRecord): Promise<boolean> {
  const same = Object.entries(looks).map(
    async ([path, before]) => (await lookAgain(path, before)) === before,
  );
  return (await Promise.all(same).catch(() => [false])).every(Boolean);
}

/** Undefined when there is none, and when it was damaged: the build is done again then. */
async function readRecord(file: string): Promise<BuildRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(file, 'utf8')) as Partial<BuildRecord> | null;
    return record?.looks && record.result ? (record as BuildRecord) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The result of an earlier build of the same request, when nothing that it read or wrote has changed
 * since and its image is still in the engine's store under its tags. Errors: NO_ENGINE, ENGINE_FAILED.
 */
export async function earlierBuild(
  request: BuildRequest,
  place: RecordPlace,
  io: Io,
): Promise<BuildResult | undefined> {
  if (request.noCache) return undefined;
  const begin = performance.now();
  const record = await readRecord(recordFile(request, place));
  if (record === undefined || !(await looksTheSame(record))) return undefined;
  if (!(await stillStored(record.result, request.engine, place.cache, io))) return undefined;
  const timings = { total: Math.round(performance.now() - begin) };
  return { ...record.result, cached: true, timings };
}

async function writeRecord(file: string, record: BuildRecord): Promise<void> {
  await makeFolder(dirname(file)).catch((error: unknown) => {
    throw ioError(error, 'making', dirname(file));
  });
  await writeWholeFile(file, JSON.stringify(record));
}

const notRemembered = ({ message }: MkbaseError): Warning => ({
  code: 'build-not-remembered',
  message: `The next build will not see that nothing has changed. ${message}`,
  advice: 'Make room in the cache, or point XDG_CACHE_HOME elsewhere.',
});

/**
 * Remembers a finished build. `read` is what it was made from, looked at before it was used: what
 * changed during the build has to be built anew. `written` are further paths that have to stay as they are.
 * The image is there already, so a record that cannot be written is no more than a warning.
 */
export async function rememberBuild(
  request: BuildRequest,
  result: BuildResult,
  { read, written }: { readonly read: Looks; readonly written: readonly string[] },
  place: RecordPlace,
  { emit }: Io,
): Promise<void> {
  const files = result.outputs.filter(({ type }) => type !== 'import').map(({ dest }) => dest);
  const looks = { ...read, ...(await looksOf([...written, ...files])) };
  try {
    await writeRecord(recordFile(request, place), { looks, result });
  } catch (error) {
    if (!(error instanceof MkbaseError)) throw error;
    emit({ type: 'warning', stage: 'image', warning: notRemembered(error) });
  }
}
