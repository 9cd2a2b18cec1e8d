import { access, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { counted } from '../base/amounts.ts';
import { ioError, MkbaseError } from '../base/errors.ts';
import type { Io, Warning } from '../base/events.ts';
import { sha256OfBytes } from '../base/hash.ts';
import { platforms } from '../base/platform.ts';
import type { LockContext } from '../kinds/resolve-context.ts';
import type { SourceContext } from '../kinds/source-context.ts';
import { askedBy, changedFields } from '../lock/asked.ts';
import { answers, lockInputs } from '../lock/lock.ts';
import { lockText, readLock } from '../lock/lock-file.ts';
import type { Lock } from '../lock/locked.ts';
import { followChain } from '../packages/deb/archive/chain.ts';
import { makeFolder } from '../store/make-folder.ts';
import { writeWholeFile } from '../store/write-whole-file.ts';
import { debSets } from './deb-sets.ts';
import { inStage } from './in-stage.ts';
import type { BuildPlan } from './plan.ts';

/** How a lock may be come by. */
export interface LockManners {
  /** Only a lock that is there and answers the recipe is used. */
  readonly frozen: boolean;
  /** Whatever is there is resolved anew. */
  readonly fresh: boolean;
  /** Used where none is there: the lock that came with a bundle of inputs. */
  readonly offered?: Lock | undefined;
}

/** Stands for a lock whose packages were chosen from signed indexes with this cache. */
const markOf = (cache: string, text: string): string =>
  join(cache, 'state/locks', sha256OfBytes(text));

const foreignLock = (file: string): Warning => ({
  code: 'foreign-lock',
  message: `${file} was not made with this cache: its packages are pinned by their hashes, but no signed index was seen to list them.`,
  advice: 'Trust whoever gave it to you, or pin anew with `mkbase update`.',
});

/**
 * A lock is only as good as whoever wrote it. One that this cache has not seen made is believed when
 * the signed indexes that it names are in the store and say the same; where they are not there, that
 * is told. Throws SOURCE_UNTRUSTED where they say otherwise.
 */
async function checkForeign(
  plan: BuildPlan,
  lock: Lock,
  { debian }: SourceContext,
  io: Io,
): Promise<void> {
  const known = await access(markOf(debian.store.folder, lockText(lock))).then(
    () => true,
    () => false,
  );
  if (known || (await isProven(plan, lock, debian, io))) return;
  io.emit({ type: 'warning', stage: 'lock', warning: foreignLock(plan.lockFile) });
}

/** Whether signed indexes in the store list all packages of a lock; other inputs have no such index. */
async function isProven(
  { recipe, platform }: BuildPlan,
  lock: Lock,
  debian: SourceContext['debian'],
  io: Io,
): Promise<boolean> {
  const { apks, rootfs, archive } = lock;
  if (apks !== undefined || rootfs !== undefined) return false;
  if (archive !== undefined && archive.trust.by !== 'recipe') return false;
  for (const { debs, context } of debSets(recipe, lock, debian)) {
    if (!(await followChain(debs, platforms[platform], context, io))) return false;
  }
  return true;
}

/** Pins every input anew, and remembers that it was this cache that saw the signed indexes. */
export async function resolveLock(plan: BuildPlan, context: LockContext, io: Io): Promise<Lock> {
  const lock = await inStage(
    io,
    'lock',
    'Resolving inputs from signed indexes',
    () => lockInputs(plan, context, io),
    whatIsPinned,
  );
  const mark = markOf(context.sources.debian.store.folder, lockText(lock));
  try {
    await makeFolder(dirname(mark));
    await writeFile(mark, '');
  } catch (error) {
    throw ioError(error, 'remembering the lock in', dirname(mark));
  }
  return lock;
}

const commandFor = (command: string, { recipe }: BuildPlan): string =>
  `\`mkbase ${command} ${recipe.origin.builtIn ? recipe.name : recipe.origin.file}\``;

function missing(plan: BuildPlan): MkbaseError {
  return new MkbaseError({
    code: 'LOCK_MISSING',
    message: `--frozen, but there is no lock: ${plan.lockFile}.`,
    hint: `Make it with ${commandFor('lock', plan)}.`,
  });
}

/** What in a recipe no longer fits its lock. */
export function staleFields(lock: Lock, plan: BuildPlan): string[] {
  const changed = changedFields(lock.asked, askedBy(plan));
  return changed.length > 0 ? changed : ['the digest of an archive or file'];
}

function stale(plan: BuildPlan, lock: Lock): MkbaseError {
  const fields = staleFields(lock, plan);
  return new MkbaseError({
    code: 'LOCK_STALE',
    message: `${plan.lockFile} was made for something else than ${basename(plan.recipe.origin.file)} asks for now; changed: ${fields.join(', ')}.`,
    hint: `Pin what is asked for now with ${commandFor('lock', plan)}, or take the change back.`,
  });
}

/**
 * The lock to build from: the one that is there, which is used until the recipe asks for something
 * else, so that a mirror that moves does not move the image; else one resolved now. A lock beside a
 * recipe is its user's word and is never replaced by a build; one in the output folder is. Errors:
 * LOCK_MISSING, LOCK_STALE, LOCK_INVALID, and those of lockInputs.
 */
export async function currentLock(
  plan: BuildPlan,
  context: LockContext,
  { frozen, fresh, offered }: LockManners,
  io: Io,
): Promise<Lock> {
  const { builtIn } = plan.recipe.origin;
  const kept = fresh && builtIn && !frozen ? undefined : await readLock(plan.lockFile);
  const lock = kept ?? offered;
  if (lock !== undefined && answers(lock, plan)) {
    await checkForeign(plan, lock, context.sources, io);
    io.emit({ type: 'stage-skip', stage: 'lock', reason: `locked in ${plan.lockFile}` });
    return lock;
  }
  if (lock !== undefined && (frozen || lock === offered || !builtIn)) throw stale(plan, lock);
  if (frozen) throw missing(plan);
  return resolveLock(plan, context, io);
}

function whatIsPinned({ debs, toolchain, rootfs, apks }: Lock): string {
  const sets = [debs, apks, toolchain?.debs];
  const packages = sets.reduce((sum, set) => sum + (set?.packages.length ?? 0), 0);
  const names = rootfs === undefined ? [] : [rootfs.name];
  return [...names, ...(packages > 0 ? [counted(packages, 'package')] : [])].join(', ');
}

/** Writes a lock to a file whose folder is made; one that says the same already stays as it is. */
async function writeLock(file: string, text: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return;
  await makeFolder(dirname(file)).catch((error: unknown) => {
    throw ioError(error, 'making', dirname(file));
  });
  await writeWholeFile(file, text);
}

const isReadOnly = (error: unknown): boolean =>
  error instanceof MkbaseError &&
  ['EACCES', 'EPERM', 'EROFS'].includes((error.cause as NodeJS.ErrnoException)?.code ?? '');

const notKept = (plan: BuildPlan): Warning => ({
  code: 'lock-not-kept',
  message: `${plan.lockFile} cannot be written: the next build will pin its inputs anew.`,
  advice: `Copy ${lockCopyOf(plan)} there, or make the folder writable.`,
});

/** The lock among the evidence, in the output folder. */
export const lockCopyOf = (plan: BuildPlan): string => join(plan.outDir, 'lock.json');

/**
 * Keeps a lock where the next build looks for it, and among the evidence. One that is there and says
 * the same, in whatever form, stays as it is. Errors: IO, NO_SPACE.
 */
export async function keepLock(plan: BuildPlan, lock: Lock, io: Io): Promise<void> {
  const text = lockText(lock);
  const there = await readLock(plan.lockFile).catch(() => undefined);
  if (there === undefined || lockText(there) !== text) {
    await writeLock(plan.lockFile, text).catch((error: unknown) => {
      if (!isReadOnly(error)) throw error;
      io.emit({ type: 'warning', stage: 'lock', warning: notKept(plan) });
    });
  }
  await writeLock(lockCopyOf(plan), text);
}
