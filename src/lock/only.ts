import { MkbaseError } from '../base/errors.ts';
import { kindOf } from '../kinds/kinds.ts';
import { type From, sourceOf, withSource } from '../recipe/kind.ts';
import { inputSets } from './inputs.ts';
import type { Lock } from './schema.ts';

const packagesIn = (lock: Lock) =>
  inputSets(lock).flatMap(({ inputs }) => inputs.filter(({ role }) => role === 'package'));

/** Returns the newer part of a lock in which only packages of these sources are newer. */
async function updatedPart(before: From, after: From, sources: ReadonlySet<string>): Promise<From> {
  if (before.kind !== after.kind) return after;
  const { update } = await kindOf(after).load();
  return withSource(after, update(sourceOf(before), sourceOf(after), sources));
}

/**
 * Returns a lock in which only the named packages, and what has the same source, are as in a newer one:
 * packages of one source depend on each other's exact versions. Throws PACKAGE_NOT_FOUND for a name that
 * neither lock has.
 */
export async function updateOnly(
  before: Lock,
  after: Lock,
  names: readonly string[],
): Promise<Lock> {
  const packages = [before, after].flatMap(packagesIn);
  for (const name of names) {
    if (packages.some((each) => each.name === name)) continue;
    throw new MkbaseError({
      code: 'PACKAGE_NOT_FOUND',
      message: `The lock pins no package ${name}, so --only cannot update it.`,
      hint: 'Name one that `mkbase show` lists, or leave --only out to update all.',
    });
  }
  const named = packages.filter(({ name }) => names.includes(name));
  const sources = new Set(named.map(({ name, source }) => source?.name ?? name));
  const [old, now] = [before.toolchain, after.toolchain];
  return {
    ...after,
    epoch: before.epoch,
    from: await updatedPart(before.from, after.from, sources),
    ...(now && {
      toolchain: old ? { ...now, from: await updatedPart(old.from, now.from, sources) } : now,
    }),
  };
}
