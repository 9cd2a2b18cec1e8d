import { readdirSync, readFileSync } from 'node:fs';

/** open(2), O_CLOEXEC, as /proc/<pid>/fdinfo has it: octal. */
const closedOnExec = 0o2000000;

function isInherited(descriptor: number): boolean {
  try {
    const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1');
    const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closedOnExec) === 0;
  } catch {
    // The one that the listing itself was read through.
    return false;
  }
}

/**
 * Descriptors beyond the standard three that every program started from here gets: those that
 * mkbase was started with itself, by a terminal or an editor that forgot them, for instance. Node
 * closes all of its own, and of these only the first few.
 */
export function inheritedDescriptors(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => descriptor > 2 && isInherited(descriptor));
}
