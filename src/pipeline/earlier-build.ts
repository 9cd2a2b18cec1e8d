import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf } from '../canonical-json.ts';
import { chooseEngine } from '../engines/choose.ts';
import type { Engine } from '../engines/engine.ts';
import type { Io } from '../events.ts';
import { packageVersion } from '../package-root.ts';
import { makeFolder } from '../store/make-folder.ts';
import { writeWholeFile } from '../store/write-whole-file.ts';
import type { BuildRequest, BuildResult } from './request.ts';

/** What a finished build leaves for the next one of the same request. */
interface BuildRecord {
  /** Every file and folder that was read or written, and what it looked like. */
  readonly looks: Readonly<Record<string, string>>;
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

/**
 * What a path looks like: for a file its inode, size, mode and times, of which every write changes
 * one; for a folder the names in it and what each of them looks like.
 */
async function lookOf(path: string): Promise<string> {
  const stats = await lstat(path, { bigint: true });
  if (!stats.isDirectory()) {
    return [stats.ino, stats.size, stats.mode, stats.mtimeNs, stats.ctimeNs].join(' ');
  }
  const hash = createHash('sha256');
  for (const name of (await readdir(path)).sort()) {
    hash.update(`${name}\0${await lookOf(join(path, name))}\0`);
  }
  return `folder ${hash.digest('hex')}`;
}

async function looksOf(paths: Iterable<string>): Promise<Record<string, string>> {
  const pairs = [...paths].map(async (path) => [path, await lookOf(path)] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

async function looksTheSame({ looks }: BuildRecord): Promise<boolean> {
  const now = await looksOf(Object.keys(looks)).catch(() => undefined);
  return now !== undefined && Object.entries(looks).every(([path, look]) => now[path] === look);
}

async function isStored({ imageId, tags }: BuildResult, engine: Engine, io: Io): Promise<boolean> {
  if (imageId === null) return true;
  const images = await Promise.all(tags.map((tag) => engine.images?.inspect(tag, io)));
  return images.length > 0 && images.every((image) => image?.id === imageId);
}

async function readRecord(file: string): Promise<BuildRecord | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as BuildRecord;
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
  const engine = await chooseEngine(request.engine, io);
  if (record.result.engine !== engine.name) return undefined;
  if (!(await isStored(record.result, engine, io))) return undefined;
  const timings = { total: Math.round(performance.now() - begin) };
  return { ...record.result, cached: true, timings };
}

/** Remembers a finished build; `read` are the paths that it depends on. Errors: IO, NO_SPACE. */
export async function rememberBuild(
  request: BuildRequest,
  result: BuildResult,
  read: readonly string[],
  place: RecordPlace,
): Promise<void> {
  const written = result.outputs.filter(({ type }) => type !== 'import').map(({ dest }) => dest);
  const file = recordFile(request, place);
  await makeFolder(dirname(file));
  const record: BuildRecord = { looks: await looksOf([...read, ...written]), result };
  await writeWholeFile(file, JSON.stringify(record));
}
