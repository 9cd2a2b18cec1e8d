import { digestOf } from '../base/canonical-json.ts';
import { kindOf } from '../kinds/kinds.ts';
import { type From, sourceOf, withSource } from '../recipe/kind.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { downloadsOf } from './request.ts';
import type { Lock } from './schema.ts';

/** Takes the part that pins a base out of the part of a lock that pins what extends it. */
export type PartOfBase = (locked: From) => From;

/** Returns `from:` of a base as a recipe that extends it has it. */
function inheritedFrom({ from, name }: Recipe): From {
  const { inherited } = kindOf(from);
  return inherited === undefined ? from : withSource(from, inherited(sourceOf(from), name));
}

/** Returns how the part of the base is taken out of a lock; the reason why it cannot be, as the rest of a sentence. */
export function partOfBase(recipe: Recipe, base: Recipe): PartOfBase | string {
  const fetched = new Set(downloadsOf(recipe).map(({ sha256 }) => sha256));
  const replaced = downloadsOf(base).find(({ sha256 }) => !fetched.has(sha256));
  if (replaced !== undefined) return `replaces a file that ${base.name} fetches`;
  const from = inheritedFrom(base);
  const added = recipe.packages.filter((each) => !base.packages.includes(each));
  if (added.length === 0 && digestOf(from) === digestOf(recipe.from)) return (locked) => locked;
  const { tellsBase, lockedBase } = kindOf(recipe.from);
  const asked = { from, packages: base.packages, added };
  if (tellsBase?.(sourceOf(recipe.from), asked) && lockedBase !== undefined) {
    return (locked) => lockedBase(sourceOf(locked), asked);
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
  const from = part(lock.from);
  const dated = base.epoch ?? kindOf(from).date(sourceOf(from)) ?? lock.toolchain?.epoch ?? 0;
  const own = base.epoch === recipe.epoch ? lock.epoch : dated;
  return { ...lock, recipe: base.name, from, epoch: epoch ?? own };
}
