import { randomBytes } from 'node:crypto';
import { isRunning, type ProcessIdentity, thisProcess } from '../base/host-processes.ts';

/**
 * Names of temporary files and folders that say who made them, so that a later run can tell what a
 * killed one left: `mkbase-<boot id>-<pid namespace>-<pid>-<start time>-<random>`. A pid alone would
 * not do, since the kernel hands it out again. The name says it all: there is no moment at which
 * the thing exists and its owner is not yet known.
 */
const pattern = /^mkbase-([0-9a-f]+)-(\d+)-(\d+)-(\d+)-[0-9A-Za-z]+$/;

let self: Promise<ProcessIdentity> | undefined;

function currentOwner(): Promise<ProcessIdentity> {
  self ??= thisProcess();
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
