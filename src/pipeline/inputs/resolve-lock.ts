import { access, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ioError } from '../../base/errors.ts';
import type { Io, Warning } from '../../base/events.ts';
import { plural } from '../../base/format.ts';
import { sha256OfBytes } from '../../base/hash.ts';
import { platforms } from '../../base/platform.ts';
import { kindOf } from '../../kinds/kinds.ts';
import { inputSets } from '../../lock/inputs.ts';
import { lockInputs, wantedByToolchain, wantedOf } from '../../lock/lock.ts';
import { lockText } from '../../lock/lock-file.ts';
import { urlsWithQuery } from '../../lock/request.ts';
import type { Lock } from '../../lock/schema.ts';
import { sourceOf } from '../../recipe/kind.ts';
import { makeFolder } from '../../store/make-folder.ts';
import type { OpenBuild } from '../open-build.ts';
import { inStage } from '../stages.ts';

/**
 * Returns the file that stands for a lock whose packages were chosen from signed indexes with this
 * cache.
 */
const markOf = (cache: string, text: string): string =>
  join(cache, 'state/locks', sha256OfBytes(text));

const foreignLock = (file: string): Warning => ({
  code: 'foreign-lock',
  message: `${file} was not made with this cache: its packages are pinned by their hashes, but no signed index was seen to list them.`,
  advice: 'Trust whoever gave it to you, or pin anew with `mkbase update`.',
});

/**
 * Warns of a lock that this cache has not seen made, unless the signed indexes that it names are in the
 * store and say the same: a lock is only as good as whoever wrote it. Throws SOURCE_UNTRUSTED where
 * they say otherwise.
 */
export async function checkForeign(open: OpenBuild, lock: Lock, io: Io): Promise<void> {
  const known = await access(markOf(open.store.folder, lockText(lock))).then(
    () => true,
    () => false,
  );
  if (known || (await isProven(open, lock, io))) return;
  io.emit({ type: 'warning', stage: 'lock', warning: foreignLock(open.plan.lockFile) });
}

/** Tells whether signed indexes in the store list every input of a lock. */
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

/** Pins every input anew, and marks the lock as made with this cache, which saw the signed indexes. */
export async function resolveLock({ plan, store, locking }: OpenBuild, io: Io): Promise<Lock> {
  for (const url of urlsWithQuery(plan.recipe)) {
    io.emit({ type: 'warning', stage: 'lock', warning: queryLeftOut(url) });
  }
  const lock = await inStage(
    io,
    'lock',
    'Resolving inputs from signed indexes',
    () => lockInputs(plan, locking, io),
    describePins,
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
