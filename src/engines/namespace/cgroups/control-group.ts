import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MkbaseError } from '../../../base/errors.ts';
import { ownedName, ownerState } from '../../../store/owner.ts';
import type { Overrun } from '../../overrun.ts';
import type { Isolation } from '../isolation.ts';
import type { Hierarchy } from './hierarchies.ts';
import { readOverrun, setLimits } from './limit-files.ts';
import type { Parent } from './parents.ts';
import { ancestors } from './parents.ts';

/** The control group of one program: a folder in each hierarchy that has a limit for it. */
export interface ControlGroup {
  /** Absolute paths; a process enters by writing its number to each one's `cgroup.procs`. */
  readonly folders: readonly string[];
  /** Tells which limits were hit so far. */
  overrun(): Promise<Overrun>;
  /** Ends every process in it and removes it. Never rejects: a later run sweeps what stays. */
  remove(): Promise<void>;
}

/**
 * Makes a group with limits below each of the parents; with none, one that limits nothing. Its name
 * says who made it (store/owner.ts). ENGINE_FAILED when the kernel takes it no more.
 */
export async function openControlGroup(
  parents: readonly Parent[],
  limits: Isolation['limits'],
): Promise<ControlGroup> {
  const name = await ownedName();
  const folders: string[] = [];
  const remove = async () => {
    await Promise.all(folders.map(removeGroup));
  };
  try {
    for (const { folder: parent, version, controllers } of parents) {
      const folder = join(parent, name);
      await mkdir(folder);
      folders.push(folder);
      await setLimits({ folder, version }, controllers, limits);
    }
  } catch (error) {
    await remove();
    const { message } = error as Error;
    throw new MkbaseError({
      code: 'ENGINE_FAILED',
      message: `The namespace engine cannot make a control group with limits: ${message}`,
      hint: '`mkbase doctor` shows what this machine permits; --engine chooses another engine.',
      cause: error,
    });
  }
  return { folders, overrun: () => readOverrun(folders), remove };
}

/** Ends the processes of a group: at once since Linux 5.14, and before that one by one. */
async function endProcesses(folder: string): Promise<void> {
  try {
    await writeFile(join(folder, 'cgroup.kill'), '1', { flag: 'r+' });
  } catch {
    const listed = await readFile(join(folder, 'cgroup.procs'), 'latin1').catch(() => '');
    // A process that cannot be seen from here is listed as 0, which kill(2) takes for its caller's group.
    for (const pid of listed
      .split('\n')
      .map(Number)
      .filter((each) => each > 0))
      kill(pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

const pauseMilliseconds = 10;
const tries = 300;

/** Removes a group with all that runs in it, and tells whether it is gone. */
async function removeGroup(folder: string): Promise<boolean> {
  for (let count = 0; count < tries; count++) {
    const code = await rmdir(folder).then(
      () => '',
      (error: NodeJS.ErrnoException) => error.code ?? '',
    );
    if (code === '' || code === 'ENOENT') return true;
    if (code !== 'EBUSY') return false;
    await endProcesses(folder);
    await setTimeout(pauseMilliseconds);
  }
  return false;
}

const foldersIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));

/**
 * Lists the groups in which an earlier run may have made its own: all that mkbase's is below, and
 * those beside it, since every session and every job has one.
 */
async function places(hierarchy: Hierarchy): Promise<string[]> {
  const { own, top } = hierarchy;
  const beside = own === top ? [] : await foldersIn(dirname(own));
  return [...new Set([...ancestors(hierarchy), ...beside])];
}

/** Removes the groups of killed runs, and resolves to their names, each once. */
export async function sweepControlGroups(hierarchies: readonly Hierarchy[]): Promise<string[]> {
  const removed = new Set<string>();
  const parents = (await Promise.all(hierarchies.map(places))).flat();
  for (const folder of (await Promise.all(parents.map(foldersIn))).flat()) {
    const name = folder.slice(dirname(folder).length + 1);
    if ((await ownerState(name)) !== 'dead') continue;
    if (await removeGroup(folder)) removed.add(name);
  }
  return [...removed];
}
