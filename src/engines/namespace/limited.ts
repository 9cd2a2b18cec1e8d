import type { Isolation } from './isolate.ts';

/** The processes that the namespaces' own shells count for. */
const ownProcesses = 4;

/**
 * Limits on what one process takes (data, since address space is reserved far beyond use by
 * sanitizers and runtimes alike) and on the number of processes, which the kernel counts per user
 * namespace. An ordinary user can set no better without a delegated cgroup.
 */
export function limited({ limits }: Pick<Isolation, 'limits'>): string[] {
  if (limits === undefined) return ['prlimit', '--core=0'];
  const { memoryBytes, processes } = limits;
  return ['prlimit', '--core=0', `--data=${memoryBytes}`, `--nproc=${processes + ownProcesses}`];
}
