import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type Host, host } from './host.ts';

/** A process, by which others tell whether it still runs. */
export interface ProcessIdentity {
  /** The start of the system, or the machine where a system does not name its starts; hexadecimal. */
  readonly boot: string;
  /** Number of the pid namespace; processes of another cannot be looked at. `0`: not known. */
  readonly pidNamespace: string;
  readonly pid: number;
  /** Clock ticks since the start of the system; `0` where that cannot be asked. */
  readonly startTime: string;
}

/** Field 3 (state) and field 22 (start time in clock ticks since boot) of /proc/<pid>/stat, proc(5). */
async function processStat(pid: number) {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  // The second field, the program's name in parentheses, may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTime: fields[19] ?? '' };
}

async function onLinux(): Promise<ProcessIdentity> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => '');
  const pidNamespace = await readlink('/proc/self/ns/pid').catch(() => '');
  const { startTime } = await processStat(process.pid);
  return {
    boot: boot.replace(/[^0-9a-f]/g, '').slice(0, 12) || '0',
    pidNamespace: pidNamespace.replace(/\D/g, '') || '0',
    pid: process.pid,
    startTime,
  };
}

/** Names the machine by its host name: an engine elsewhere may hold containers of several machines. */
const elsewhere = (): ProcessIdentity => ({
  boot: createHash('sha256').update(hostname()).digest('hex').slice(0, 12),
  pidNamespace: '1',
  pid: process.pid,
  startTime: '0',
});

/** Describes this process. */
export const thisProcess = async ({ isLinux }: Host = host): Promise<ProcessIdentity> =>
  isLinux ? onLinux() : elsewhere();

/**
 * Tells whether a process of this machine still runs. Where no start times can be asked, another process that
 * was given its pid counts as it: better a leftover than a living run's files.
 */
export async function isRunning(pid: number, startTime: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (startTime === '0') return true;
  try {
    const stat = await processStat(pid);
    // A zombie has ended; only its parent has not asked yet how.
    return stat.startTime === startTime && stat.state !== 'Z' && stat.state !== 'X';
  } catch {
    // /proc may hide other users' processes (hidepid).
    return true;
  }
}
