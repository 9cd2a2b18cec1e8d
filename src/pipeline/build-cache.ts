import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Io } from '../base/events.ts';
import { type TreeBeside, walkTree } from '../base/folder-tree.ts';
import { sha256OfBytes } from '../base/hash.ts';
import type { Invocation } from '../base/invocation.ts';
import { stillStored } from '../engines/still-stored.ts';
import { type Surroundings, surroundingsOf } from '../engines/surroundings.ts';
import type { PlacedOutput } from '../outputs/contract.ts';
import { areCurrent, outputOf } from '../outputs/outputs.ts';
import {
  type Fingerprints,
  readRecord,
  recordFile,
  type WorkRecord,
  writeRecord,
} from './build-record.ts';
import type { BuildRequest, BuildResult } from './request.ts';

/** Returns the file that holds the record of a build. */
function fileOf(request: BuildRequest, invocation: Invocation): string {
  const { offline: _, noCache: __, relocks: ___, visitor: ____, vouch: _____, ...asked } = request;
  const { cwd, env } = invocation;
  return recordFile({ ...asked, cwd, epoch: env.SOURCE_DATE_EPOCH }, invocation);
}

const attributes = ({ ino, size, mode, mtimeNs, ctimeNs }: BigIntStats): string =>
  [ino, size, mode, mtimeNs, ctimeNs].join(' ');

/**
 * Returns the fingerprint of a path: of a file its inode, size, mode and times, of which every write
 * changes one; of a link also those of its target; of a folder the names in it and their fingerprints.
 */
async function fingerprintOf(path: string): Promise<string> {
  const tree = treeOf(path);
  if (tree !== undefined) return fingerprintOfTree(tree);
  const stats = await lstat(path, { bigint: true }).catch(() => undefined);
  if (stats === undefined) return 'absent';
  if (stats.isSymbolicLink()) {
    const target = await stat(path, { bigint: true }).catch(() => undefined);
    return `${attributes(stats)} to ${target === undefined ? 'nothing' : attributes(target)}`;
  }
  if (!stats.isDirectory()) return attributes(stats);
  const hash = createHash('sha256');
  for (const name of (await readdir(path)).sort()) {
    hash.update(`${name}\0${await fingerprintOf(join(path, name))}\0`);
  }
  return `folder ${hash.digest('hex')}`;
}

/** Names a tree (its path absolute) among paths, with what is left out of it. */
export const treeMark = (tree: TreeBeside): string => JSON.stringify(tree);

/** Returns the tree that a mark names; undefined for a path. */
export const treeOf = (path: string): TreeBeside | undefined =>
  isAbsolute(path) ? undefined : (JSON.parse(path) as TreeBeside);

/** Returns the fingerprint of a tree: its names that are not ignored, and the fingerprint of each. */
async function fingerprintOfTree({ path, ignore }: TreeBeside): Promise<string> {
  const hash = createHash('sha256');
  for await (const member of walkTree(path, ignore)) {
    const own = member.stats.isDirectory()
      ? 'folder'
      : await fingerprintOf(join(path, member.path));
    hash.update(`${member.path}\0${own}\0`);
  }
  return `tree ${hash.digest('hex')}`;
}

/** Returns a fingerprint of a file's contents, for a file that was read before its attributes were. */
export const contentFingerprint = (sha256: string): string => `sha256 ${sha256}`;

async function fingerprintAgain(path: string, before: string): Promise<string> {
  if (!before.startsWith('sha256 ')) return fingerprintOf(path);
  return contentFingerprint(sha256OfBytes(await readFile(path)));
}

/** Returns the fingerprints of the paths as they are now. */
export async function fingerprintsOf(paths: readonly string[]): Promise<Fingerprints> {
  const pairs = paths.map(async (path) => [path, await fingerprintOf(path)] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

/** Lists the paths that are otherwise than their fingerprints say, or that cannot be read, sorted. */
export async function changedSince(fingerprints: Fingerprints): Promise<string[]> {
  const changed = await Promise.all(
    Object.entries(fingerprints).map(async ([path, before]) => {
      const now = await fingerprintAgain(path, before).catch(() => undefined);
      return now === before ? [] : [path];
    }),
  );
  return changed.flat().sort();
}

/** Returns a function that tells whether an output is as its fingerprint says. */
export const unchangedSince =
  (outputs: Fingerprints) =>
  async (path: string): Promise<boolean> => {
    const now = await fingerprintOf(path).catch(() => undefined);
    return now !== undefined && now === outputs[path];
  };

/** Returns the fingerprints of those outputs that are files or folders. */
export const outputFingerprints = (placed: readonly PlacedOutput[]): Promise<Fingerprints> =>
  fingerprintsOf(
    placed.filter((output) => outputOf(output).place === 'file').map(({ dest }) => dest),
  );

/** Returns whether all outputs are as they were made, and the same engine would be chosen again. */
async function isCurrent(
  { outputs, result }: WorkRecord<BuildResult>,
  choice: Pick<BuildRequest, 'engine' | 'platform'>,
  surroundings: Surroundings,
  io: Io,
): Promise<boolean> {
  const { env } = surroundings;
  let asked: Promise<boolean> | undefined;
  const isStored = () => (asked ??= stillStored(result, choice, surroundings, io));
  const earlier = { isUnchanged: unchangedSince(outputs), isStored, env, io };
  return (await areCurrent(result.outputs, earlier)) && isStored();
}

/**
 * Returns the result of an earlier build of the same request, if nothing that it read or wrote has
 * changed since and its image is still in the engine's store under its tags. Errors: NO_ENGINE,
 * ENGINE_FAILED.
 */
export async function cachedBuild(
  request: BuildRequest,
  invocation: Invocation,
  io: Io,
): Promise<BuildResult | undefined> {
  if (request.noCache) return undefined;
  const begin = performance.now();
  const record = await readRecord<BuildResult>(fileOf(request, invocation));
  if (record === undefined || (await changedSince(record.fingerprints)).length > 0)
    return undefined;
  if (!(await isCurrent(record, request, surroundingsOf(invocation.env), io))) return undefined;
  const timings = { total: Math.round(performance.now() - begin) };
  return { ...record.result, cached: true, timings };
}

/**
 * Remembers a finished build. `read` is what it was made from, looked at before it was used: what
 * changed during the build has to be built anew. `written` are further paths that have to stay as they
 * are. The image is there already, so a record that cannot be written is no more than a warning.
 */
export async function rememberBuild(
  request: BuildRequest,
  result: BuildResult,
  { read, written }: { readonly read: Fingerprints; readonly written: readonly string[] },
  invocation: Invocation,
  io: Io,
): Promise<void> {
  const fingerprints = { ...read, ...(await fingerprintsOf(written)) };
  const outputs = await outputFingerprints(result.outputs);
  await writeRecord(fileOf(request, invocation), { fingerprints, outputs, result }, io);
}
