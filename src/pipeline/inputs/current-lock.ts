import { basename, dirname, join } from 'node:path';
import { ioError, MkbaseError } from '../../base/errors.ts';
import type { Io, Warning } from '../../base/events.ts';
import { readRegular } from '../../base/regular-file.ts';
import { type LockChange, lockChanges } from '../../lock/changes.ts';
import { satisfies } from '../../lock/lock.ts';
import { lockText, readLock } from '../../lock/lock-file.ts';
import { relock } from '../../lock/relock.ts';
import { askedBy, changedFields } from '../../lock/request.ts';
import type { Lock } from '../../lock/schema.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { writeWholeFile } from '../../store/write-whole-file.ts';
import type { OpenBuild } from '../open-build.ts';
import type { BuildPlan } from '../plan.ts';
import { resolveLock } from './resolve-lock.ts';

/** Options that decide which lock is used. */
export interface LockOptions {
  /** Uses only a lock that is there and satisfies the recipe. */
  readonly frozen: boolean;
  /** Resolves inputs anew, even if there is a lock. */
  readonly fresh: boolean;
  /** Pins anew what the recipe itself changed, where the lock beside it no longer satisfies it. */
  readonly relocks?: boolean;
  /** The lock that came with a bundle of inputs. */
  readonly offered?: Lock | undefined;
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

/** Returns the fields of a recipe that no longer fit its lock. */
function staleFields(lock: Lock, plan: BuildPlan): string[] {
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

/** The most changes that a warning lists. */
const mostListed = 12;

function told({ set, name, before, after }: LockChange): string {
  const where = set === 'image' ? '' : ` in ${set}`;
  if (before === undefined) return `added ${name} ${after}${where}`;
  return after === undefined ? `dropped ${name}${where}` : `${name} ${before} → ${after}${where}`;
}

function relocked(plan: BuildPlan, fields: readonly string[], changes: LockChange[]): Warning {
  const listed = changes.slice(0, mostListed).map(told);
  const more = changes.length > mostListed ? [`${changes.length - mostListed} more`] : [];
  const what = listed.length === 0 ? 'no input is another one' : [...listed, ...more].join(', ');
  return {
    code: 'relocked',
    message: `${basename(plan.recipe.origin.file)} asks for something else than its lock was made for (${fields.join(', ')}); ${plan.lockFile} is written anew: ${what}. All else stays as it was pinned.`,
    advice: 'Commit the lock with the recipe. --frozen, and CI, refuse a lock that does not fit.',
  };
}

/** Pins what the recipe asks for now, and leaves what it did not change as it was; tells what moved. */
async function relockRecipe(open: OpenBuild, before: Lock, io: Io): Promise<Lock> {
  const { plan } = open;
  const after = await resolveLock(open, io);
  const merged = await relock(before, after);
  const lock = satisfies(merged, plan) ? merged : after;
  const warning = relocked(plan, staleFields(before, plan), lockChanges(before, lock));
  io.emit({ type: 'warning', stage: 'lock', warning });
  return lock;
}

const strangeLock = (plan: BuildPlan, why: string): Warning => ({
  code: 'strange-lock',
  message: `${plan.lockFile} is not used: ${why}. Its inputs are pinned anew.`,
  advice: 'Name another folder with --out to keep what is there.',
});

/** Says whether a lock in the output folder is another recipe's, which may ask for the same inputs. */
export const isOfAnother = ({ recipe }: BuildPlan, lock: Lock): boolean =>
  recipe.origin.builtIn && lock.recipe !== recipe.name;

function ofAnother(plan: BuildPlan, lock: Lock): MkbaseError {
  return new MkbaseError({
    code: 'LOCK_STALE',
    message: `${plan.lockFile} is the lock of the recipe ${lock.recipe}, not of ${plan.recipe.name}.`,
    hint: `Name another folder with --out, or replace it with ${commandFor('lock', plan)}.`,
  });
}

/**
 * Returns a lock under the recipe's own name, which evidence states: a recipe that was renamed keeps its lock. Where
 * only a lock as it is may be used, one under another name is refused: LOCK_STALE.
 */
export function underItsName(plan: BuildPlan, lock: Lock, frozen = false): Lock {
  const { name, origin } = plan.recipe;
  if (lock.recipe === name) return lock;
  if (!frozen) return { ...lock, recipe: name };
  throw new MkbaseError({
    code: 'LOCK_STALE',
    message: `The lock is of a recipe called ${lock.recipe}, and ${basename(origin.file)} is called ${name} now.`,
    hint: `Write the new name into it with ${commandFor('lock', plan)}, which keeps what it pins, or take the old name back.`,
  });
}

/**
 * Reads the lock that lies where the plan keeps it. One in the output folder that is another recipe's,
 * or that cannot be read, is told with a warning and counts as none, unless only a lock may be used.
 */
async function keptLock(plan: BuildPlan, frozen: boolean, io: Io): Promise<Lock | undefined> {
  const warn = (why: string) => {
    io.emit({ type: 'warning', stage: 'lock', warning: strangeLock(plan, why) });
    return undefined;
  };
  try {
    const lock = await readLock(plan.lockFile);
    if (lock === undefined || !isOfAnother(plan, lock)) return lock;
    if (frozen) throw ofAnother(plan, lock);
    return warn(`it is the lock of the recipe ${lock.recipe}`);
  } catch (error) {
    const isUnread = error instanceof MkbaseError && error.code === 'LOCK_INVALID';
    if (!plan.recipe.origin.builtIn || frozen || !isUnread) throw error;
    return warn(error.message.replace(`${plan.lockFile} is `, 'it is ').replace(/\.$/, ''));
  }
}

/**
 * Returns the lock to build from. One that came on the command line, with a bundle of inputs, comes
 * before one in the output folder; one beside a recipe is its user's word, comes first and is not
 * replaced by a build, unless it may pin anew what the recipe changed. A lock is used until the recipe asks for
 * something else, so that a mirror that moves does not move the image; without one, inputs are pinned now.
 * Errors: LOCK_MISSING, LOCK_STALE, LOCK_INVALID, and those of lockInputs.
 */
export async function currentLock(
  open: OpenBuild,
  { frozen, fresh, offered, relocks }: LockOptions,
  io: Io,
): Promise<Lock> {
  const { plan } = open;
  const { builtIn } = plan.recipe.origin;
  const passedOver = builtIn && (offered !== undefined || (fresh && !frozen));
  const kept = passedOver ? undefined : await keptLock(plan, frozen, io);
  const isOffered = kept === undefined && offered !== undefined;
  const found = kept ?? offered;
  const lock = found && underItsName(plan, found, frozen);
  if (lock !== undefined && satisfies(lock, plan)) {
    io.emit({ type: 'stage-skip', stage: 'lock', reason: `locked in ${plan.lockFile}` });
    return lock;
  }
  if (lock !== undefined && (frozen || isOffered || !builtIn)) {
    const changed = changedFields(lock.asked, askedBy(plan));
    const mayRelock = relocks && !frozen && offered === undefined && changed.length > 0;
    if (!mayRelock) throw stale(plan, lock);
    return relockRecipe(open, lock, io);
  }
  if (frozen) throw missing(plan);
  return resolveLock(open, io);
}

/** Writes a lock to a file whose folder is made; one that says the same already stays as it is. */
async function writeLock(file: string, text: string): Promise<void> {
  const there = await readRegular(file, { most: text.length * 4 }).catch(() => undefined);
  if (there?.toString('utf8') === text) return;
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

/** Returns the path of the lock among the evidence, in the output folder. */
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
