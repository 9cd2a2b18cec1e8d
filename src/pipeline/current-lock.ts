import { createHash } from 'node:crypto';
import { access, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ioError } from '../errors.ts';
import type { Io, Warning } from '../events.ts';
import { answers, lockInputs } from '../lock/lock.ts';
import { lockText, readLock } from '../lock/lock-file.ts';
import type { Lock } from '../lock/locked.ts';
import type { SourceContext } from '../sources/context.ts';
import { makeFolder } from '../store/make-folder.ts';
import { writeWholeFile } from '../store/write-whole-file.ts';
import { counted } from './amounts.ts';
import { inStage } from './in-stage.ts';
import type { BuildPlan } from './plan.ts';

/** Where a build's lock stands. */
export const lockFileOf = (plan: BuildPlan): string => join(plan.outDir, 'lock.json');

async function earlierLock(plan: BuildPlan): Promise<Lock | undefined> {
  const lock = await readLock(lockFileOf(plan));
  return lock && answers(lock, plan) ? lock : undefined;
}

/** Stands for a lock whose packages were chosen from signed indexes with this cache. */
const markOf = (cache: string, text: string): string =>
  join(cache, 'state/locks', createHash('sha256').update(text).digest('hex'));

const foreignLock = (file: string): Warning => ({
  code: 'foreign-lock',
  message: `${file} was not made with this cache: its packages are pinned by their hashes, but no signed index was seen to list them.`,
  advice: 'Trust whoever gave it to you, or resolve anew with --no-cache.',
});

/** A lock is only as good as whoever wrote it: one that this cache has not seen made is told. */
async function tellForeign(plan: BuildPlan, lock: Lock, cache: string, io: Io): Promise<void> {
  const known = await access(markOf(cache, lockText(lock))).then(
    () => true,
    () => false,
  );
  if (known) return;
  io.emit({ type: 'warning', stage: 'lock', warning: foreignLock(lockFileOf(plan)) });
}

async function resolveLock(plan: BuildPlan, context: SourceContext, io: Io): Promise<Lock> {
  const lock = await lockInputs(plan, context, io);
  const mark = markOf(context.debian.store.folder, lockText(lock));
  try {
    await makeFolder(dirname(mark));
    await writeFile(mark, '');
  } catch (error) {
    throw ioError(error, 'remembering the lock in', dirname(mark));
  }
  return lock;
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
    await tellForeign(plan, earlier, context.debian.store.folder, io);
    io.emit({ type: 'stage-skip', stage: 'lock', reason: `locked in ${lockFileOf(plan)}` });
    return earlier;
  }
  return inStage(
    io,
    'lock',
    'Resolving inputs from signed indexes',
    () => resolveLock(plan, context, io),
    whatIsPinned,
  );
}

function whatIsPinned({ debs, toolchain, rootfs }: Lock): string {
  if (rootfs !== undefined) return rootfs.name;
  const packages = (debs?.packages.length ?? 0) + (toolchain?.debs.packages.length ?? 0);
  return counted(packages, 'package');
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
