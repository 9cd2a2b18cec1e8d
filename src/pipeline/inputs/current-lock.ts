import { access, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ioError, MkbaseError } from '../../base/errors.ts';
import type { Io, Warning } from '../../base/events.ts';
import { plural } from '../../base/format.ts';
import { sha256OfBytes } from '../../base/hash.ts';
import { platforms } from '../../base/platform.ts';
import { kindOf } from '../../kinds/kinds.ts';
import { inputSets } from '../../lock/inputs.ts';
import { lockInputs, satisfies, wantedByToolchain, wantedOf } from '../../lock/lock.ts';
import { lockText, readLock } from '../../lock/lock-file.ts';
import { askedBy, changedFields } from '../../lock/request.ts';
import type { Lock } from '../../lock/schema.ts';
import { sourceOf } from '../../recipe/kind.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { writeWholeFile } from '../../store/write-whole-file.ts';
import type { OpenBuild } from '../open-build.ts';
import type { BuildPlan } from '../plan.ts';
import { inStage } from '../stages.ts';

/** Where a lock may come from. */
export interface LockOptions {
  /** Only a lock that is there and satisfies the recipe is used. */
  readonly frozen: boolean;
  /** Inputs are resolved anew, even where a lock is there. */
  readonly fresh: boolean;
  /** The lock that came with a bundle of inputs. */
  readonly offered?: Lock | undefined;
}

/** Returns the file that stands for a lock whose packages were chosen from signed indexes with this cache. */
const markOf = (cache: string, text: string): string =>
  join(cache, 'state/locks', sha256OfBytes(text));

const foreignLock = (file: string): Warning => ({
  code: 'foreign-lock',
  message: `${file} was not made with this cache: its packages are pinned by their hashes, but no signed index was seen to list them.`,
  advice: 'Trust whoever gave it to you, or pin anew with `mkbase update`.',
});

/**
 * Warns of a lock that this cache has not seen made, unless the signed indexes that it names are in the
 * store and say the same: a lock is only as good as whoever wrote it. Throws SOURCE_UNTRUSTED where they
 * say otherwise.
 */
async function checkForeign(open: OpenBuild, lock: Lock, io: Io): Promise<void> {
  const known = await access(markOf(open.store.folder, lockText(lock))).then(
    () => true,
    () => false,
  );
  if (known || (await isProven(open, lock, io))) return;
  io.emit({ type: 'warning', stage: 'lock', warning: foreignLock(open.plan.lockFile) });
}

/** Says whether signed indexes in the store list every input of a lock. */
async function isProven(
  { plan: { recipe, toolchain, platform }, sources }: OpenBuild,
  lock: Lock,
  io: Io,
): Promise<boolean> {
  const own = await kindOf(recipe.from).load();
  const wanted = wantedOf(recipe, platforms[platform]);
  if (!(await own.isProven(wanted, sourceOf(lock.from), sources.image, io))) return false;
  if (toolchain === undefined || lock.toolchain === undefined) return true;
  const builders = await kindOf(toolchain.from).load();
  const locked = sourceOf(lock.toolchain.from);
  const ask = wantedByToolchain(toolchain, platforms[platform]);
  return builders.isProven(ask, locked, sources.builder, io);
}

/** Pins every input anew, and remembers that it was this cache that saw the signed indexes. */
export async function resolveLock({ plan, store, locking }: OpenBuild, io: Io): Promise<Lock> {
  const lock = await inStage(
    io,
    'lock',
    'Resolving inputs from signed indexes',
    () => lockInputs(plan, locking, io),
    whatIsPinned,
  );
  const mark = markOf(store.folder, lockText(lock));
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

/** Returns the fields of a recipe that no longer fit its lock. */
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

const strangeLock = (plan: BuildPlan, why: string): Warning => ({
  code: 'strange-lock',
  message: `${plan.lockFile} is not used: ${why}. Its inputs are pinned anew.`,
  advice: 'Name another folder with --out to keep what is there.',
});

/**
 * Reads the lock that lies where the plan keeps it. One in the output folder that is another recipe's,
 * or that cannot be read, is told with a warning and counts as none, unless only a lock may be used.
 */
async function keptLock(plan: BuildPlan, frozen: boolean, io: Io): Promise<Lock | undefined> {
  const isKept = !plan.recipe.origin.builtIn;
  const warn = (why: string) => {
    io.emit({ type: 'warning', stage: 'lock', warning: strangeLock(plan, why) });
    return undefined;
  };
  try {
    const lock = await readLock(plan.lockFile);
    if (lock === undefined || isKept || frozen || lock.recipe === plan.recipe.name) return lock;
    return warn(`it is the lock of the recipe ${lock.recipe}`);
  } catch (error) {
    const isOther = error instanceof MkbaseError && error.code === 'LOCK_INVALID';
    if (isKept || frozen || !isOther) throw error;
    return warn(error.message.replace(`${plan.lockFile} is `, 'it is ').replace(/\.$/, ''));
  }
}

/**
 * Returns the lock to build from. One that came on the command line, with a bundle of inputs, comes
 * before one in the output folder; one beside a recipe is its user's word, comes first and is never
 * replaced by a build. A lock is used until the recipe asks for something else, so that a mirror that
 * moves does not move the image; without one, inputs are pinned now. Errors: LOCK_MISSING, LOCK_STALE,
 * LOCK_INVALID, and those of lockInputs.
 */
export async function currentLock(
  open: OpenBuild,
  { frozen, fresh, offered }: LockOptions,
  io: Io,
): Promise<Lock> {
  const { plan } = open;
  const { builtIn } = plan.recipe.origin;
  const passedOver = builtIn && (offered !== undefined || (fresh && !frozen));
  const kept = passedOver ? undefined : await keptLock(plan, frozen, io);
  const lock = kept ?? offered;
  if (lock !== undefined && satisfies(lock, plan)) {
    await checkForeign(open, lock, io);
    io.emit({ type: 'stage-skip', stage: 'lock', reason: `locked in ${plan.lockFile}` });
    return lock;
  }
  if (lock !== undefined && (frozen || lock === offered || !builtIn)) throw stale(plan, lock);
  if (frozen) throw missing(plan);
  return resolveLock(open, io);
}

function whatIsPinned(lock: Lock): string {
  const inputs = inputSets(lock).flatMap((set) => set.inputs);
  const packages = inputs.filter(({ role }) => role === 'package').length;
  const names = inputs.flatMap(({ comparedAs, role, name }) =>
    comparedAs !== undefined && role !== 'file' ? [name] : [],
  );
  return [...names, ...(packages > 0 ? [plural(packages, 'package')] : [])].join(', ');
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
