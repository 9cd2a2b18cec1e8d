import { digestOf } from '../base/canonical-json.ts';
import { kindOf } from '../kinds/kinds.ts';
import { type From, sourceOf, withSource } from '../recipe/kind.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { satisfies } from './lock.ts';
import { downloadsOf, type Wanted } from './request.ts';
import type { Lock } from './schema.ts';

/** The place of a base in the part of a lock that pins what extends it. */
export interface PartOfBase {
  /** Returns the part that would pin the base alone. */
  take(locked: From): From;
  /** Returns the part of the lock with the base pinned otherwise; left out where the two hang together. */
  put?(locked: From, base: From): From;
}

/** Returns `from:` of a base as a recipe that extends it has it. */
function inheritedFrom({ from, name }: Recipe): From {
  const { inherited } = kindOf(from);
  return inherited === undefined ? from : withSource(from, inherited(sourceOf(from), name));
}

/** Returns the place of the base in a recipe's lock; the reason why it has none, as the rest of a sentence. */
export function partOfBase(recipe: Recipe, base: Recipe): PartOfBase | string {
  const fetched = new Set(downloadsOf(recipe).map(({ sha256 }) => sha256));
  const replaced = downloadsOf(base).find(({ sha256 }) => !fetched.has(sha256));
  if (replaced !== undefined) return `replaces a file that ${base.name} fetches`;
  const from = inheritedFrom(base);
  const added = recipe.packages.filter((each) => !base.packages.includes(each));
  if (added.length === 0 && digestOf(from) === digestOf(recipe.from)) {
    return { take: (locked) => locked, put: (_, pinned) => pinned };
  }
  const { tellsBase, lockedBase, onLockedBase } = kindOf(recipe.from);
  const asked = { from, packages: base.packages, added };
  if (tellsBase?.(sourceOf(recipe.from), asked) && lockedBase !== undefined) {
    return {
      take: (locked) => lockedBase(sourceOf(locked), asked),
      ...(added.length === 0 &&
        onLockedBase && {
          put: (locked, pinned) => withSource(locked, onLockedBase(sourceOf(locked), pinned)),
        }),
    };
  }
  return added.length > 0
    ? `adds packages (${added.join(', ')}) that are chosen together with those of ${base.name}`
    : `has another "from" than ${base.name}`;
}

/**
 * Returns the lock that the base would have if it were pinned at the same moment: its inputs are among those of the
 * recipe's own lock. `epoch` is SOURCE_DATE_EPOCH, if it is set.
 */
export function lockOfBase(
  lock: Lock,
  recipe: Recipe,
  base: Recipe,
  part: PartOfBase,
  epoch: number | undefined,
): Lock {
  const from = part.take(lock.from);
  const dated = base.epoch ?? kindOf(from).date(sourceOf(from)) ?? lock.toolchain?.epoch ?? 0;
  const own = base.epoch === recipe.epoch ? lock.epoch : dated;
  return { ...lock, recipe: base.name, from, epoch: epoch ?? own };
}

/**
 * Returns a recipe's lock, which was made just now, with the base pinned as in the base's own lock, so that both
 * images have its layer in common. One that was made for something else than the base asks for now is left alone.
 */
export function onLockOfBase(
  lock: Lock,
  recipe: Recipe,
  base: Wanted,
  part: PartOfBase,
  own: Lock | undefined,
): Lock {
  if (own === undefined || part.put === undefined || !satisfies(own, base)) return lock;
  if (digestOf(part.take(lock.from)) === digestOf(own.from)) return lock;
  const from = part.put(lock.from, own.from);
  const epoch = recipe.epoch ?? kindOf(from).date(sourceOf(from)) ?? lock.epoch;
  return { ...lock, from, epoch };
}
