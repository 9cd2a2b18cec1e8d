import { createHash, type Hash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { lchown, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError } from '../../base/errors.ts';
import type { Io } from '../../base/events.ts';
import { hashedStream } from '../../base/hash.ts';
import { runCommand } from '../../base/run-command.ts';
import { removeTree } from '../../store/remove-tree.ts';
import { openWorkspace } from '../../store/workspace.ts';
import { spoolTar } from '../../tar/read.ts';
import type { Leftover } from '../engine.ts';
import type { ToolchainRef } from '../step.ts';
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

function isAsMade(folder: string, made: string): boolean {
  try {
    return fingerprint(join(folder, treeFolder)) === made;
  } catch {
    return false;
  }
}

/**
 * Tells whether a toolchain is there. Its folder appears whole, by rename. One that was changed
 * since, for instance by a program that tidies caches, would build something else or nothing: it is
 * removed, to be made anew.
 */
export async function hasToolchain(cacheFolder: string, toolchain: ToolchainRef): Promise<boolean> {
  const folder = toolchainFolder(cacheFolder, toolchain);
  const made = await readFile(join(folder, 'look'), 'utf8').catch(() => '');
  if (isAsMade(folder, made)) return true;
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

/** Unpacks a toolchain once; another run that did so at the same time wins. */
export async function addToolchain(
  cacheFolder: string,
  toolchain: ToolchainRef,
  tar: AsyncIterable<Uint8Array>,
  outer: number | undefined,
  io: Io,
): Promise<void> {
  const workspace = await openWorkspace(join(cacheFolder, 'tmp'));
  const { bytes, sha256 } = hashedStream(tar);
  const made = join(workspace.folder, toolchain.key);
  const target = toolchainFolder(cacheFolder, toolchain);
  try {
    const entries = await spoolTar(bytes, join(workspace.folder, 'toolchain.tar'));
    await mkdir(made, { mode: 0o700 });
    await unpackRootfs(entries, join(made, treeFolder), 'step', outer, io);
    await writeFile(join(made, 'sha256'), `sha256:${sha256()}\n`);
    await writeFile(join(made, 'look'), fingerprint(join(made, treeFolder)));
    if (outer !== undefined) await lchown(made, outer, outer);
    await flush(made, io);
    await mkdir(toolchainsFolder(cacheFolder), { recursive: true });
    await rename(made, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } catch (error) {
    throw ioError(error, 'adding a builder to', target);
  } finally {
    await workspace.dispose();
  }
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
