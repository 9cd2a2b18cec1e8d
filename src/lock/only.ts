import { MkbaseError } from '../base/errors.ts';
import type { Lock } from './locked.ts';

/** What pinned sets of packages of either distribution have in common. */
interface Pinned {
  readonly name: string;
  readonly sha256: string;
  /** The source package. */
  readonly family: string;
}

/**
 * Of a new list the packages that were asked for by name, and those of the same source, which depend
 * on each other's exact versions; of the old one all others. A package that only the new list has
 * comes along, since something that was updated needs it; one that only the old list has stays.
 */
function merge<T extends Pinned>(
  before: readonly T[],
  after: readonly T[],
  only: ReadonlySet<string>,
) {
  const families = new Set(
    [...before, ...after].filter(({ name }) => only.has(name)).map(({ family }) => family),
  );
  const isUpdated = ({ family }: T) => families.has(family);
  const old = new Set(before.map(({ name }) => name));
  const fresh = after.filter((each) => isUpdated(each) || !old.has(each.name));
  const kept = before.filter((each) => !isUpdated(each));
  return [...kept, ...fresh].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * A lock in which only the named packages, and what has the same source, are as in a newer one.
 * Throws PACKAGE_NOT_FOUND for a name that neither lock has.
 */
export function updateOnly(before: Lock, after: Lock, names: readonly string[]): Lock {
  const only = new Set(names);
  const sets = (lock: Lock) => [lock.debs, lock.toolchain?.debs, lock.apks];
  const known = [before, after].flatMap((lock) =>
    sets(lock).flatMap((set) => (set?.packages ?? []).map(({ name }) => name)),
  );
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new MkbaseError({
      code: 'PACKAGE_NOT_FOUND',
      message: `The lock pins no package ${name}, so --only cannot update it.`,
      hint: 'Name one that `mkbase show` lists, or leave --only out to update all.',
    });
  }
  const debs = <T extends Lock['debs']>(old: T, now: T): T => {
    if (old === undefined || now === undefined) return now;
    const withFamily = (set: NonNullable<Lock['debs']>) =>
      set.packages.map((each) => ({ ...each, family: each.source }));
    const packages = merge(withFamily(old), withFamily(now), only);
    return { ...now, packages: packages.map(({ family: _, ...each }) => each) };
  };
  const { apks } = after;
  const merged = {
    ...after,
    epoch: before.epoch,
    ...(after.debs && { debs: debs(before.debs, after.debs) }),
    ...(after.toolchain && {
      toolchain: {
        ...after.toolchain,
        debs: debs(before.toolchain?.debs, after.toolchain.debs) ?? after.toolchain.debs,
      },
    }),
  };
  if (apks === undefined || before.apks === undefined) return merged;
  const packages = merge(
    before.apks.packages.map((each) => ({ ...each, family: each.origin })),
    apks.packages.map((each) => ({ ...each, family: each.origin })),
    only,
  );
  return {
    ...merged,
    apks: { ...apks, packages: packages.map(({ family: _, ...each }) => each) },
  };
}
