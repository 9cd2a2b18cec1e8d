import type { Warning } from '../../base/events.ts';
import type { Dialect, EngineFacts } from './dialect.ts';

/** Lists what a container engine cannot enforce here. */
export function gapsOf({ name }: Pick<Dialect, 'name'>, facts: EngineFacts): Warning[] {
  const limits = [
    ...(facts.limitsMemory ? [] : ['memory']),
    ...(facts.limitsProcesses ? [] : ['processes']),
  ];
  return [
    ...(limits.length === 0 ? [] : [missingLimits(name, limits)]),
    ...(facts.filtersCalls ? [] : [missingFilter(name)]),
  ];
}

const missingLimits = (name: string, limits: readonly string[]): Warning => ({
  code: 'limits-not-enforced',
  message: `${name} cannot limit the ${limits.join(' and the ')} of a build here.`,
  advice: 'Give it the cgroup controllers (memory, pids), or build only what you trust.',
});

const missingFilter = (name: string): Warning => ({
  code: 'system-calls-not-filtered',
  message: `${name} takes no filter of system calls from mkbase here, so that a build has those that ${name} gives it.`,
  advice: 'Use an engine on this machine whose kernel and runtime have seccomp.',
});
