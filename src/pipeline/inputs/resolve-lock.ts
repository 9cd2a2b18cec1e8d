import type { Io } from '../../base/events.ts';
import { plural } from '../../base/format.ts';
import { inputSets } from '../../lock/inputs.ts';
import { lockInputs } from '../../lock/lock.ts';
import type { Lock } from '../../lock/schema.ts';
import type { OpenBuild } from '../open-build.ts';
import { inStage } from '../stages.ts';
import { rememberLock } from './remember-lock.ts';

function describePins(lock: Lock): string {
  const inputs = inputSets(lock).flatMap((set) => set.inputs);
  const packages = inputs.filter(({ role }) => role === 'package').length;
  const names = inputs.flatMap(({ comparedAs, role, name }) =>
    comparedAs !== undefined && role !== 'file' ? [name] : [],
  );
  return [...names, ...(packages > 0 ? [plural(packages, 'package')] : [])].join(', ');
}

/**
 * Pins every input anew, and remembers the lock as proven: pinning followed the signatures of all that it
 * chose from.
 */
export async function resolveLock(open: OpenBuild, io: Io): Promise<Lock> {
  const lock = await inStage(
    io,
    'lock',
    'Resolving inputs from signed indexes',
    () => lockInputs(open.plan, open.locking, io),
    describePins,
  );
  await rememberLock(open, lock, 'proven');
  return lock;
}
