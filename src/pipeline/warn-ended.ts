import type { Io, Warning } from '../base/events.ts';
import { endedWords, hasEnded, type ReleaseSupport } from '../base/release-support.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { Lock } from '../lock/schema.ts';
import { type From, sourceOf } from '../recipe/kind.ts';
import type { BuildPlan } from './plan.ts';

const supportOf = (from: From, now: Date): ReleaseSupport | undefined =>
  kindOf(from).support?.(sourceOf(from), now);

const ended = (support: ReleaseSupport, of: string, now: Date): Warning => ({
  code: 'ended-release',
  message: `${endedWords(support, now)}: ${of} gets no more security updates.`,
  advice: 'Choose a release that is supported.',
});

/**
 * Warns of packages from a release that nobody supports any more. The evidence says nothing of it: it would
 * be other evidence on another day.
 */
export function warnEnded(
  { recipe, toolchain }: Pick<BuildPlan, 'recipe' | 'toolchain'>,
  now: Date,
  { emit }: Io,
): void {
  const parts = [
    { from: recipe.from, of: recipe.name },
    ...(toolchain ? [{ from: toolchain.from, of: `the builder ${toolchain.name}` }] : []),
  ];
  for (const { from, of } of parts) {
    const support = supportOf(from, now);
    if (support === undefined || !hasEnded(support, now)) continue;
    emit({ type: 'warning', stage: 'lock', warning: ended(support, of, now) });
  }
}

/** Warns of a release that the recipe does not name, since it follows the newest, and that has ended since it was pinned. */
export function warnPinnedEnded(
  { recipe }: Pick<BuildPlan, 'recipe'>,
  lock: Lock,
  now: Date,
  { emit }: Io,
): void {
  if (supportOf(recipe.from, now) !== undefined) return;
  const support = kindOf(lock.from).pinnedSupport?.(sourceOf(lock.from));
  if (support === undefined || !hasEnded(support, now)) return;
  const warning = {
    ...ended(support, recipe.name, now),
    advice: 'Pin the newest release with `mkbase update`.',
  };
  emit({ type: 'warning', stage: 'lock', warning });
}
