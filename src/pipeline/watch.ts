import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { walkTree } from '../base/folder-tree.ts';
import type { Invocation } from '../base/invocation.ts';
import type { PlatformName } from '../base/platform.ts';
import { wakeupsOf } from '../base/wakeups.ts';
import { changedSince, fingerprintsOf, treeMark, treeOf } from './build-cache.ts';
import type { Fingerprints } from './build-record.ts';
import { fingerprintsBefore } from './local-files.ts';
import { planBuild } from './plan.ts';
import type { BuildRequest } from './request.ts';

/** Files are looked at this often where the system does not tell of changes (some network file systems). */
const lookMilliseconds = 1000;

/** An editor writes a file in several steps, and tools write several files; they come within this time. */
const settledMilliseconds = 30;

/** Names in a recipe's folder that builds and others write to. */
const writtenTo = ['mkbase-out/', '*.lock.json', 'node_modules/', '.git/'];

/** Returns the fingerprint of the whole folder of a recipe that cannot be read: anything in it may mend that. */
async function folderOfRecipe(recipe: string, cwd: string): Promise<Fingerprints> {
  const path = resolve(cwd, recipe);
  const folder = /\.ya?ml$/.test(path) ? dirname(path) : path;
  return fingerprintsOf([treeMark({ path: folder, ignore: writtenTo })]).catch(() => ({}));
}

/**
 * Takes the fingerprints of everything that a build of the request is made from; of nothing, where there is
 * no such recipe. `machineOf` is as planBuild takes it.
 */
export async function watchedBy(
  request: BuildRequest,
  invocation: Invocation,
  machineOf?: () => Promise<PlatformName>,
): Promise<Fingerprints> {
  try {
    return await fingerprintsBefore(await planBuild(request, invocation, machineOf));
  } catch {
    return folderOfRecipe(request.recipe, invocation.cwd);
  }
}

/** Lists the folders in which something happens when one of the paths or trees changes. */
async function foldersOf(paths: readonly string[]): Promise<string[]> {
  const folders: string[] = [];
  for (const path of paths) {
    const tree = treeOf(path);
    folders.push(tree === undefined ? dirname(path) : tree.path);
    if (tree === undefined) continue;
    for await (const member of walkTree(tree.path, tree.ignore)) {
      if (member.stats.isDirectory()) folders.push(join(tree.path, member.path));
    }
  }
  return folders;
}

/**
 * Waits until something is otherwise than its fingerprint says, and until it has settled. Resolves to the
 * paths that changed, sorted; to none when `signal` aborts.
 */
export async function untilChanged(before: Fingerprints, signal: AbortSignal): Promise<string[]> {
  const folders = await foldersOf(Object.keys(before)).catch(() => []);
  const wakeups = wakeupsOf(folders);
  try {
    while (!signal.aborted) {
      if ((await changedSince(before)).length > 0) {
        await sleep(settledMilliseconds);
        const changed = await changedSince(before);
        if (changed.length > 0) return changed;
      }
      await wakeups.next(lookMilliseconds, signal);
    }
    return [];
  } finally {
    wakeups.close();
  }
}
