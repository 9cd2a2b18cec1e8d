import type { Warning } from '../../base/events.ts';
import type { Controller } from './cgroups/parents.ts';
import { canWriteToMemory } from './isolate.ts';
import type { Machine } from './machine.ts';

const limits = ({ parents }: Machine, controller: Controller) =>
  parents.find((each) => each.controllers.includes(controller));

/**
 * Lists what the namespace engine cannot enforce while a step runs. Limits of a process (setrlimit(2))
 * do not count what it shares.
 */
export const stepGaps = (machine: Machine): Warning[] => [
  ...(limits(machine, 'memory') ? [] : [sharedMemoryNotLimited]),
  ...(machine.filters ? [] : [callsNotFiltered]),
];

/** Lists what it cannot enforce while an image runs that nobody talks to. */
export const imageGaps = (machine: Machine): Warning[] => [
  ...stepGaps(machine),
  ...(canWriteToMemory(machine.linux) ? [] : [diskNotLimited]),
];

/** Lists all that it cannot enforce. */
export const gapsOf = (machine: Machine): Warning[] => [
  ...imageGaps(machine),
  ...(machine.talks ? [] : [noOwnTerminal]),
];

const sharedMemoryNotLimited: Warning = {
  code: 'shared-memory-not-limited',
  message: 'The namespace engine limits the memory of each process here, not what processes share.',
  advice:
    'Give it a control group (systemd-run --user --scope mkbase …), or build what you do not trust with docker or podman.',
};

const callsNotFiltered: Warning = {
  code: 'system-calls-not-filtered',
  message: 'The namespace engine filters no system calls here, since the kernel has no seccomp.',
  advice: 'Build what you do not trust on a machine whose kernel has it (CONFIG_SECCOMP_FILTER).',
};

const diskNotLimited: Warning = {
  code: 'disk-not-limited',
  message: 'The namespace engine does not limit what an image writes to the disk here.',
  advice: 'Use Linux 6.6 or newer, or docker or podman.',
};

const noOwnTerminal: Warning = {
  code: 'no-terminal-of-its-own',
  message:
    'The namespace engine runs an image on your own terminal, since script is not installed.',
  advice: 'Install it (on Debian and Ubuntu: sudo apt-get install bsdutils).',
};

function by(machine: Machine, controller: Controller, otherwise: string): string {
  const parent = limits(machine, controller);
  return parent === undefined ? otherwise : `control group (cgroup v${parent.version})`;
}

/** Says for each limit and wall by what it is enforced. */
export const enforcementOf = (machine: Machine): string[] => [
  `memory: ${by(machine, 'memory', 'each process alone (setrlimit)')}`,
  `processes: ${by(machine, 'pids', 'the user namespace (setrlimit)')}`,
  canWriteToMemory(machine.linux)
    ? 'disk: memory file systems of a fixed size'
    : 'disk: memory file systems of a fixed size, for steps alone',
  `system calls: ${machine.filters ? 'seccomp' : 'nothing'}`,
  'time and output: mkbase',
];
