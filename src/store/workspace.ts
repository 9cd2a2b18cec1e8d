import { lstat, mkdtemp, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ioError } from '../base/errors.ts';
import type { Io } from '../base/events.ts';
import { makeFolder } from './make-folder.ts';
import { ownedPrefix, ownerState } from './owner.ts';
import { removeTree } from './remove-tree.ts';

/** A private folder for one run. */
export interface Workspace {
  /** Absolute path. */
  readonly folder: string;
  /** Removes it; a part that cannot be removed stays for a later sweep, which names it. */
  dispose(): Promise<void>;
}

/** Makes a folder in `parent` that only this user can enter (mode 0700). Errors: NO_SPACE, IO. */
export async function openWorkspace(parent: string): Promise<Workspace> {
  const root = resolve(parent);
  const folder = await makeOwned(root).catch((error: unknown) => {
    throw ioError(error, 'making a work folder in', root);
  });
  return {
    folder,
    async dispose() {
      await removeTree(folder);
    },
  };
}

async function makeOwned(root: string): Promise<string> {
  await makeFolder(root);
  return mkdtemp(join(root, await ownedPrefix()));
}

/**
 * The time for which a leftover stays whose owner cannot be looked at from here, for instance
 * another container that shares the folder: no run takes a day.
 */
const elsewhereMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Removes from `parent` the workspaces and temporary files of runs that have ended without doing so
 * themselves. Their age is taken at `now`; without it, those of unknown owners stay. Resolves to the
 * names that are gone; one that cannot be removed (a mount inside, another user's) stays, with a
 * warning.
 */
export async function sweepWorkspaces(
  parent: string,
  now: Date | undefined,
  io?: Io,
): Promise<string[]> {
  const root = resolve(parent);
  const swept: string[] = [];
  for (const name of await readdir(root).catch(() => [])) {
    const path = join(root, name);
    if (!(await isAbandoned(path, name, now))) continue;
    if (await removeTree(path)) swept.push(name);
    else io?.emit({ type: 'warning', stage: 'fetch', warning: kept(path) });
  }
  return swept;
}

async function isAbandoned(path: string, name: string, now?: Date): Promise<boolean> {
  const state = await ownerState(name);
  if (state !== 'elsewhere' || now === undefined) return state === 'dead';
  const stat = await lstat(path).catch(() => undefined);
  return stat !== undefined && now.getTime() - stat.mtimeMs > elsewhereMilliseconds;
}

const kept = (path: string) => ({
  code: 'leftover-kept',
  message: `A killed run left ${path}, and it could not be removed whole.`,
  advice: 'Unmount what is mounted inside it, then remove it by hand.',
});
