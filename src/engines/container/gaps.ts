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

/** Says for each limit and wall by what it is enforced. */
export function enforcementOf({ name }: Pick<Dialect, 'name'>, facts: EngineFacts): string[] {
  const group = (there: boolean) => (there ? `control group of ${name}` : 'nothing');
  return [
    `memory: ${group(facts.limitsMemory)}`,
    `processes: ${group(facts.limitsProcesses)}`,
    'disk: memory file systems of a fixed size, for steps alone',
    `system calls: ${facts.filtersCalls ? 'seccomp' : `what ${name} itself filters`}`,
    'time and output: mkbase',
  ];
}
