import { release } from 'node:os';
import type { Warning } from '../../base/events.ts';
import { canWriteToMemory } from './isolate.ts';
import { terminalTool } from './own-terminal.ts';
import { isInstalled } from './tools.ts';

/**
 * Lists what the namespace engine cannot enforce on a machine. Limits of a process (setrlimit(2)) do
 * not count what it shares; `linux` is the kernel's version, `talks`: script(1) is installed.
 */
export function gapsOf(linux: string, talks: boolean): Warning[] {
  return [
    {
      code: 'shared-memory-not-limited',
      message:
        'The namespace engine limits the memory of each process, and not what processes share.',
      advice: 'Build what you do not trust with docker or podman, which limit both.',
    },
    ...(canWriteToMemory(linux) ? [] : [diskNotLimited]),
    ...(talks ? [] : [noOwnTerminal]),
  ];
}

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

/** Lists what the namespace engine cannot enforce on this machine. */
export const gapsHere = async (): Promise<Warning[]> =>
  gapsOf(release(), await isInstalled(terminalTool));
