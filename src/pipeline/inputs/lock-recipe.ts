import type { Io } from '../../base/events.ts';
import type { Invocation } from '../../base/invocation.ts';
import { type LockChange, lockChanges, updateOnly } from '../../lock/changes.ts';
import { satisfies } from '../../lock/lock.ts';
import { readLock } from '../../lock/lock-file.ts';
import type { Lock } from '../../lock/schema.ts';
import { atItsLine } from '../../recipe/diagnostics/at-line.ts';
import { pinCompressor } from '../compress/pin-compressor.ts';
import { type OpenBuild, openBuild } from '../open-build.ts';
import type { BuildRequest } from '../request.ts';
import { isOfAnother, keepLock, underItsName } from './current-lock.ts';
import { rememberLock } from './remember-lock.ts';
import { resolveLock } from './resolve-lock.ts';

/** The result of `mkbase lock` and `mkbase update`. */
export interface Locked {
  /** Absolute path of the lock. */
  readonly file: string;
  readonly lock: Lock;
  /** True if a lock was there already that satisfies the recipe. */
  readonly kept: boolean;
  readonly changes: readonly LockChange[];
}

/** The extent to which a lock is made anew: not while it satisfies, whole, or for some packages. */
export type Renewal = 'if-stale' | 'all' | { readonly only: readonly string[] };

/** Pins the compressor anew, too, where the lock before pinned one. */
async function withRenewedCompressor(
  open: OpenBuild,
  before: Lock | undefined,
  lock: Lock,
  io: Io,
): Promise<Lock> {
  if (before?.compressor === undefined) return lock;
  const wider = { ...lock, compressor: await pinCompressor(open, io) };
  await rememberLock(open, wider, 'proven');
  return wider;
}

/**
 * Pins the inputs of a recipe without building it. A damaged lock, or another recipe's in the output
 * folder, is replaced, and then everything counts as new. Errors: those of openBuild and resolveLock;
 * for single packages LOCK_INVALID, and PACKAGE_NOT_FOUND for a name that cannot be updated.
 */
export async function lockRecipe(
  request: BuildRequest,
  renewal: Renewal,
  invocation: Invocation,
  io: Io,
): Promise<Locked> {
  const open = await openBuild(request, invocation, io);
  const { plan } = open;
  try {
    const found = await readLock(plan.lockFile).catch((error: unknown) => {
      if (typeof renewal === 'object') throw error;
      return undefined;
    });
    const before = found && !isOfAnother(plan, found) ? underItsName(plan, found) : undefined;
    const file = plan.lockFile;
    if (renewal === 'if-stale' && before !== undefined && satisfies(before, plan)) {
      const kept = before === found;
      if (!kept) await keepLock(plan, before, io);
      return { file, lock: before, kept, changes: [] };
    }
    const own = await resolveLock(open, io);
    const resolved = await withRenewedCompressor(open, before, own, io);
    const partly = typeof renewal === 'object' && before !== undefined && satisfies(before, plan);
    const lock = partly ? await updateOnly(before, resolved, renewal.only) : resolved;
    const changes = lockChanges(before, lock);
    await keepLock(plan, lock, io);
    return { file, lock, kept: false, changes };
  } catch (error) {
    throw await atItsLine(error, plan.recipe, invocation.cwd);
  } finally {
    await open.dispose();
  }
}
