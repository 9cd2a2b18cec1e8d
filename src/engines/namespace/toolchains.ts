import { createHash, type Hash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { lchown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ioError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { hashedStream } from '../../base/hash.ts';
import { runCommand } from '../../base/run-command.ts';
import { removeTree } from '../../store/remove-tree.ts';
import { openWorkspace } from '../../store/workspace.ts';
import { spoolTar } from '../../tar/read.ts';
import type { HeldToolchain, Leftover } from '../engine.ts';
import type { ToolchainRef } from '../step.ts';
import { foreignToolchain, type ToolchainDifference } from '../toolchain-difference.ts';
import { toolPath, treeFolder } from './tools.ts';
import { unpackRootfs } from './unpack-rootfs.ts';

/**
 * Works synchronously, since a thousand answers from the kernel's cache take less than their
 * promises would.
 */
function addFolder(hash: Hash, folder: string): void {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const { ino, mode, size, mtimeMs, ctimeMs } = lstatSync(path);
    hash.update(`${entry.name}\0${ino} ${mode} ${size} ${mtimeMs} ${ctimeMs}\0`);
    if (entry.isDirectory()) addFolder(hash, path);
    hash.update('\0');
  }
}

/**
 * Digests the name, inode, mode, size and times of every file below a folder. Writing, adding or
 * removing one changes the digest, for nobody can set the time of a change (inode(7)). A disk that
 * gives back other bytes than were written does not.
 */
export function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  addFolder(hash, folder);
  return hash.digest('hex');
}

const toolchainsFolder = (cacheFolder: string) => join(cacheFolder, 'toolchains');

/**
 * Returns the folder of a toolchain: the tree is in `treeFolder`, the tar's digest in `sha256`, and the
 * fingerprint of the tree as it was made in `look`.
 */
export const toolchainFolder = (cacheFolder: string, { key }: ToolchainRef) =>
  join(toolchainsFolder(cacheFolder), key);

const textIn = (folder: string, name: string): Promise<string> =>
  readFile(join(folder, name), 'utf8').catch(() => '');

function fingerprintIn(folder: string): string {
  try {
    return fingerprint(join(folder, treeFolder));
  } catch {
    return '';
  }
}

/** Returns the sha256 of the tar that a folder says to be made of; '' for none. */
const treeIn = async (folder: string): Promise<string> =>
  /^sha256:([0-9a-f]{64})\n$/.exec(await textIn(folder, 'sha256'))?.[1] ?? '';

/** Returns in what a folder is not the builder of the tar `tree`, as it was made. */
async function differenceIn(
  folder: string,
  tree: string,
): Promise<ToolchainDifference | undefined> {
  const made = await treeIn(folder);
  if (made !== tree)
    return { in: 'tree', expected: `sha256:${tree}`, found: made ? `sha256:${made}` : 'none' };
  const [expected, found] = [await textIn(folder, 'look'), fingerprintIn(folder)];
  if (found !== '' && expected === found) return undefined;
  return {
    in: 'fingerprint of its files',
    expected: expected || 'none',
    found: found || 'none',
  };
}

/** Tells whether a folder holds the builder of the tar `tree`, with no file changed since. */
export const isAsMade = async (folder: string, tree: string): Promise<boolean> =>
  (await differenceIn(folder, tree)) === undefined;

/**
 * Tells whether a toolchain is there. Its folder appears whole, by rename. One of another tree, or that
 * was changed since, for instance by a program that tidies caches, would build something else or
 * nothing: it is told as a warning and removed, to be made anew.
 */
export async function hasToolchain(
  cacheFolder: string,
  toolchain: ToolchainRef,
  tree: string,
  io: Io,
): Promise<boolean> {
  const folder = toolchainFolder(cacheFolder, toolchain);
  if (!existsSync(folder)) return false;
  const difference = await differenceIn(folder, tree);
  if (difference === undefined) return true;
  io.emit(foreignToolchain(folder, toolchain, difference));
  await removeTree(folder);
  return false;
}

/**
 * Flushes the disk, so that no power cut leaves a whole folder of empty files that is taken for a
 * toolchain.
 */
async function flush(folder: string, { signal }: Io): Promise<void> {
  const env = { PATH: toolPath };
  await runCommand({ file: 'sync', args: ['--file-system', folder], env, cleanEnv: true, signal });
}

/** The cache folder and, for a run that makes builders of its own, a folder of that run. */
interface Place {
  readonly cacheFolder: string;
  readonly own: string | undefined;
}

/** Unpacks a tar into the new folder `made`, with what a later look has to find. */
async function unpack(
  made: string,
  tar: AsyncIterable<Uint8Array>,
  outer: number | undefined,
  io: Io,
): Promise<string> {
  const { bytes, sha256 } = hashedStream(tar);
  const entries = await spoolTar(bytes, `${made}.tar`);
  const tree = sha256();
  await mkdir(made, { mode: 0o700 });
  await unpackRootfs(entries, join(made, treeFolder), 'step', outer, io);
  await rm(`${made}.tar`);
  await writeFile(join(made, 'sha256'), `sha256:${tree}\n`);
  await writeFile(join(made, 'look'), fingerprintIn(made));
  if (outer !== undefined) await lchown(made, outer, outer);
  await flush(made, io);
  return tree;
}

/** Gives a folder its place, unless the same builder has it; says whether it took the place. */
async function settle(made: string, target: string, tree: string): Promise<boolean> {
  if (await isAsMade(target, tree)) return false;
  await removeTree(target);
  await mkdir(dirname(target), { recursive: true });
  try {
    await rename(made, target);
    return true;
  } catch (error) {
    // Another run that made the same builder at the same time wins.
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOTEMPTY', 'EEXIST'].includes(code) && (await isAsMade(target, tree))) return false;
    throw error;
  }
}

/**
 * Unpacks a toolchain, and returns its folder and the sha256 of its tar. With a folder of the run's own
 * the result is that of this call, even where the cache has the same.
 */
export async function addToolchain(
  { cacheFolder, own }: Place,
  toolchain: ToolchainRef,
  tar: AsyncIterable<Uint8Array>,
  outer: number | undefined,
  io: Io,
): Promise<{ readonly folder: string; readonly tree: string }> {
  const workspace = await openWorkspace(own ?? join(cacheFolder, 'tmp'));
  const made = join(workspace.folder, toolchain.key);
  const target = toolchainFolder(cacheFolder, toolchain);
  let stays = false;
  try {
    const tree = await unpack(made, tar, outer, io);
    const settled = await settle(made, target, tree);
    stays = own !== undefined && !settled;
    return { folder: stays ? made : target, tree };
  } catch (error) {
    throw ioError(error, 'adding a builder to', target);
  } finally {
    if (!stays) await workspace.dispose();
  }
}

/** Lists the folders of toolchains, with the sha256 of the tar of each that is as it was made. */
export async function listToolchains(cacheFolder: string): Promise<HeldToolchain[]> {
  const parent = toolchainsFolder(cacheFolder);
  const keys = await readdir(parent).catch(() => []);
  const held = keys.sort().map(async (key) => {
    const tree = await treeIn(join(parent, key));
    return { name: key, key, tree: (await isAsMade(join(parent, key), tree)) ? tree : '' };
  });
  return Promise.all(held);
}

/** Removes every toolchain whose key is not in `keep`. */
export async function removeToolchains(
  cacheFolder: string,
  keep: ReadonlySet<string>,
): Promise<Leftover[]> {
  const parent = toolchainsFolder(cacheFolder);
  const removed: Leftover[] = [];
  for (const key of await readdir(parent).catch(() => [])) {
    if (keep.has(key)) continue;
    if (await removeTree(join(parent, key))) removed.push({ kind: 'folder', id: key });
  }
  return removed;
}
