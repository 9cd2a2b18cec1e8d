import type { Io } from '../../../base/events.ts';
import { runCommand } from '../../../base/run-command.ts';
import { openControlGroup } from './control-group.ts';
import { hierarchiesHere } from './hierarchies.ts';
import { findParents, type Parent } from './parents.ts';

/** The limits of the shell that enters a group, far above what it takes. */
const limits = { memoryBytes: 64 * 1024 ** 2, processes: 16 };

/** Tells whether a process can be put into a group with limits below a parent, by doing it. */
async function isUsable(parent: Parent, { signal }: Io): Promise<boolean> {
  const group = await openControlGroup([parent], limits).catch(() => undefined);
  if (group === undefined) return false;
  try {
    const args = ['-euc', 'echo $$ >"$1/cgroup.procs"', 'mkbase', ...group.folders];
    return (await runCommand({ file: '/bin/sh', args, signal, timeoutSeconds: 10 })).ok;
  } finally {
    await group.remove();
  }
}

/** Lists the groups of this machine below which programs can really be limited. */
export async function usableParents(io: Io): Promise<Parent[]> {
  const parents = await findParents(await hierarchiesHere());
  const usable = await Promise.all(parents.map((each) => isUsable(each, io)));
  return parents.filter((_, at) => usable[at]);
}
