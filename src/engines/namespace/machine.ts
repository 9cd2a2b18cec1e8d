import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import type { Io } from '../../base/events.ts';
import type { Parent } from './cgroups/parents.ts';
import { usableParents } from './cgroups/usable-parents.ts';
import { terminalTool } from './own-terminal.ts';
import { isInstalled } from './tools.ts';

/** The means by which a machine lets the namespace engine enforce limits. */
export interface Machine {
  /** The kernel's version. */
  readonly linux: string;
  /** The control groups below which limits can be set. */
  readonly parents: readonly Parent[];
  /** The kernel filters system calls. */
  readonly filters: boolean;
  /** script(1) is installed. */
  readonly talks: boolean;
}

/** The kernel's list of what a filter can answer (seccomp(2)); Linux 4.14 is the first to have it. */
const actionsFile = '/proc/sys/kernel/seccomp/actions_avail';
const neededActions = ['allow', 'errno', 'kill_process'] as const;

/** Tells whether a kernel has filters of system calls that give every answer that mkbase's do. */
export async function filtersCalls(file = actionsFile): Promise<boolean> {
  const actions = (await readFile(file, 'latin1').catch(() => '')).trim().split(' ');
  return neededActions.every((each) => actions.includes(each));
}

/** Looks at this machine. */
export async function machineHere(io: Io): Promise<Machine> {
  const [parents, filters, talks] = await Promise.all([
    usableParents(io),
    filtersCalls(),
    isInstalled(terminalTool),
  ]);
  return { linux: release(), parents, filters, talks };
}
