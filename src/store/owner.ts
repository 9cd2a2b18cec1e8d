import { randomBytes } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';

/**
 * Names of temporary files and folders that say who made them, so that a later run can tell what a
 * killed one left: `mkbase-<boot id>-<pid namespace>-<pid>-<start time>-<random>`. A pid alone would
 * not do, since the kernel hands it out again. The name says it all: there is no moment at which
 * the thing exists and its owner is not yet known.
 */
const pattern = /^mkbase-([0-9a-f]+)-(\d+)-(\d+)-(\d+)-[0-9A-Za-z]+$/;

interface Owner {
  readonly boot: string;
  readonly pidNamespace: string;
  readonly pid: number;
  readonly startTime: string;
}

/** Field 3 (state) and field 22 (start time in clock ticks since boot) of /proc/<pid>/stat, proc(5). */
async function processStat(pid: number) {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  // The second field, the program's name in parentheses, may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTime: fields[19] ?? '' };
}

async function describeSelf(): Promise<Owner> {
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

let self: Promise<Owner> | undefined;

function currentOwner(): Promise<Owner> {
  self ??= describeSelf();
  return self;
}

/** Makes the start of a name that this process may give to a temporary file or folder. */
export async function ownedPrefix(): Promise<string> {
  const { boot, pidNamespace, pid, startTime } = await currentOwner();
  return `mkbase-${boot}-${pidNamespace}-${pid}-${startTime}-`;
}

/** Makes a whole such name. */
export async function ownedName(): Promise<string> {
  return `${await ownedPrefix()}${randomBytes(6).toString('hex')}`;
}

/**
 * The state of a name's owner. `elsewhere`: made before a restart, on another machine or in
 * another container, whose processes cannot be looked at from here. `nobody`: no such name.
 */
export type OwnerState = 'alive' | 'dead' | 'elsewhere' | 'nobody';

export async function ownerState(name: string): Promise<OwnerState> {
  const [, boot, pidNamespace, pid, startTime] = pattern.exec(name) ?? [];
  if (boot === undefined || startTime === undefined) return 'nobody';
  const here = await currentOwner();
  const visible = boot === here.boot && pidNamespace === here.pidNamespace;
  if (!visible || boot === '0' || pidNamespace === '0') return 'elsewhere';
  return (await isRunning(Number(pid), startTime)) ? 'alive' : 'dead';
}

async function isRunning(pid: number, startTime: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  try {
    const stat = await processStat(pid);
    // A zombie has ended; only its parent has not asked yet how.
    return stat.startTime === startTime && stat.state !== 'Z' && stat.state !== 'X';
  } catch {
    // /proc may hide other users' processes (hidepid): better a leftover than a living run's files.
    return true;
  }
}
