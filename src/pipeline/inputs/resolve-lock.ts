import type { Io, Warning } from '../../base/events.ts';
import { plural } from '../../base/format.ts';
import { loadBuilder } from '../../kinds/kinds.ts';
import { onLockOfBase } from '../../lock/base-lock.ts';
import { inputSets } from '../../lock/inputs.ts';
import { lockInputs } from '../../lock/lock.ts';
import { readLock } from '../../lock/lock-file.ts';
import { urlsWithQuery } from '../../lock/request.ts';
import type { Lock } from '../../lock/schema.ts';
import type { OpenBuild } from '../open-build.ts';
import type { BuildPlan } from '../plan.ts';
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

const queryLeftOut = (url: string): Warning => ({
  code: 'query-left-out',
  message: `${url} is fetched with the query that the recipe gives it; lock, evidence and messages leave it out, as it may be a secret.`,
  advice:
    'The lock knows the file by its sha256; who fetches it again needs a query that still works.',
});

/**
 * Pins every input anew, and remembers the lock as proven: pinning followed the signatures of all that it
 * chose from.
 */
export async function resolveLock(open: OpenBuild, io: Io): Promise<Lock> {
  for (const url of urlsWithQuery(open.plan.recipe)) {
    io.emit({ type: 'warning', stage: 'lock', warning: queryLeftOut(url) });
  }
  const resolve = async () => {
    const resolved = await lockInputs(open.plan, open.locking, io);
    const lock = await sharedLock(open.plan, resolved);
    // The base's own lock is a claim, which the build proves.
    if (lock === resolved) await rememberLock(open, lock, 'proven');
    return lock;
  };
  return inStage(io, 'lock', 'Resolving inputs from signed indexes', resolve, describePins);
}

/** Pins a base whose layer is kept as the base's own lock does, where that lies where a build of the base keeps it. */
async function sharedLock(plan: BuildPlan, lock: Lock): Promise<Lock> {
  const { base, platform, recipe } = plan;
  if (base === undefined) return lock;
  const toolchain = await loadBuilder(base.recipe, recipe.origin.folder);
  const own = await readLock(base.lockFile).catch(() => undefined);
  return onLockOfBase(lock, recipe, { recipe: base.recipe, toolchain, platform }, base.part, own);
}
