import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ioError } from '../errors.ts';
import type { Io } from '../events.ts';
import { lockInputs, requestDigest } from '../lock/lock.ts';
import { lockText, readLock } from '../lock/lock-file.ts';
import type { Lock } from '../lock/locked.ts';
import type { SourceContext } from '../sources/context.ts';
import { makeFolder } from '../store/make-folder.ts';
import { writeWholeFile } from '../store/write-whole-file.ts';
import { inStage } from './in-stage.ts';
import type { BuildPlan } from './plan.ts';

/** Where a build's lock stands. */
export const lockFileOf = (plan: BuildPlan): string => join(plan.outDir, 'lock.json');

async function earlierLock(plan: BuildPlan): Promise<Lock | undefined> {
  const lock = await readLock(lockFileOf(plan));
  return lock?.request === requestDigest(plan) ? lock : undefined;
}

/**
 * The lock that an earlier build of the same request left, else one resolved now. A lock is used
 * until the request changes or `fresh` is asked for: a mirror that moves does not move the image.
 */
export async function currentLock(
  plan: BuildPlan,
  context: SourceContext,
  fresh: boolean,
  io: Io,
): Promise<Lock> {
  const earlier = fresh ? undefined : await earlierLock(plan);
  if (earlier) {
    io.emit({ type: 'stage-skip', stage: 'lock', reason: `locked in ${lockFileOf(plan)}` });
    return earlier;
  }
  return inStage(
    io,
    'lock',
    'Resolving inputs from signed indexes',
    () => lockInputs(plan, context, io),
    whatIsPinned,
  );
}

function whatIsPinned({ debs, toolchain, rootfs }: Lock): string {
  if (rootfs !== undefined) return rootfs.name;
  return `${(debs?.packages.length ?? 0) + (toolchain?.debs.packages.length ?? 0)} packages`;
}

/**
 * Writes the lock into the output folder, which is made when it is missing; one that says the same
 * already stays as it is. Errors: IO, NO_SPACE.
 */
export async function keepLock(plan: BuildPlan, lock: Lock): Promise<void> {
  const file = lockFileOf(plan);
  const text = lockText(lock);
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return;
  await makeFolder(plan.outDir).catch((error: unknown) => {
    throw ioError(error, 'making', plan.outDir);
  });
  await writeWholeFile(file, text);
}
