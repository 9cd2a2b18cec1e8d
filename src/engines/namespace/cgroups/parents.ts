import { access, constants, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Hierarchy } from './hierarchies.ts';

/** The controllers that limit what a program takes. */
export const controllers = ['memory', 'pids'] as const;
export type Controller = (typeof controllers)[number];

/** A control group below which mkbase may make others, and what these can limit. */
export interface Parent {
  readonly version: 1 | 2;
  /** Absolute path. */
  readonly folder: string;
  readonly controllers: readonly Controller[];
}

const isWritable = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  );

const wordsOf = async (file: string): Promise<string[]> =>
  (await readFile(file, 'latin1').catch(() => '')).split(/\s+/);

/** Lists the groups from mkbase's own up to the topmost that can be seen. */
export function ancestors({ own, top }: Hierarchy): string[] {
  return own === top || dirname(own) === own
    ? [own]
    : [own, ...ancestors({ version: 1, controllers: [], own: dirname(own), top })];
}

/**
 * Tells whether processes are in a group of version 2, so that none below it can have limits ("no
 * internal processes", cgroups(7)). The kernel takes `pids` there all the same, and then lets nobody
 * in. The topmost group of the machine is excepted, and has no type.
 */
async function isOccupied(folder: string): Promise<boolean> {
  const [type, processes] = await Promise.all(
    ['cgroup.type', 'cgroup.procs'].map((file) => wordsOf(join(folder, file))),
  );
  return type?.[0] !== '' && processes?.[0] !== '';
}

/** Turns a controller on for the groups below one of version 2, unless it is on. */
async function turnOn(folder: string, controller: Controller): Promise<boolean> {
  const control = join(folder, 'cgroup.subtree_control');
  if ((await wordsOf(control)).includes(controller)) return true;
  if (!(await wordsOf(join(folder, 'cgroup.controllers'))).includes(controller)) return false;
  return writeFile(control, `+${controller}`, { flag: 'r+' }).then(
    () => true,
    () => false,
  );
}

/**
 * Finds the nearest group of version 2, from mkbase's own upwards, whose groups can have all limits,
 * or else the most of them. It is seldom its own, which has processes; so the new group stands beside
 * that. To move a process takes
 * the right to write to the list of processes of what both are below (cgroups(7), "delegation").
 */
async function unifiedParent(
  hierarchy: Hierarchy,
  wanted: readonly Controller[],
): Promise<Parent | undefined> {
  let best: Parent | undefined;
  for (const folder of ancestors(hierarchy)) {
    const files = [folder, join(folder, 'cgroup.procs')];
    if ((await Promise.all(files.map(isWritable))).includes(false)) continue;
    if (await isOccupied(folder)) continue;
    const on = await Promise.all(wanted.map((each) => turnOn(folder, each)));
    const there = wanted.filter((_, at) => on[at]);
    if (there.length > (best?.controllers.length ?? 0)) {
      best = { version: 2, folder, controllers: there };
    }
    if (there.length === wanted.length) break;
  }
  return best;
}

/** Finds the groups below which limits can be set; each controller is in one of them at most. */
export async function findParents(hierarchies: readonly Hierarchy[]): Promise<Parent[]> {
  const parents: Parent[] = [];
  const rest = new Set<Controller>(controllers);
  for (const { version, controllers: named, own } of hierarchies) {
    const there = [...rest].filter((each) => version === 1 && named.includes(each));
    for (const each of there) rest.delete(each);
    if (there.length > 0 && (await isWritable(own))) {
      parents.push({ version: 1, folder: own, controllers: there });
    }
  }
  const unified = hierarchies.find(({ version }) => version === 2);
  const found = unified && rest.size > 0 && (await unifiedParent(unified, [...rest]));
  return found ? [...parents, found] : parents;
}
