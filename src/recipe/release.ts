import { quoted } from '../base/characters.ts';
import { MkbaseError } from '../base/errors.ts';
import { isPath } from './find.ts';
import { type From, kindIn, type RecipeKind, sourceOf, withSource } from './kind.ts';
import type { Recipe } from './recipe.ts';

/** Splits `alpine:3.20` into the recipe alpine and the release 3.20; a path keeps its colons. */
export function splitRelease(word: string): { readonly name: string; readonly release?: string } {
  const colon = word.indexOf(':');
  if (colon < 0 || isPath(word)) return { name: word };
  return { name: word.slice(0, colon), release: word.slice(colon + 1) };
}

const usage = (message: string, hint: string) => new MkbaseError({ code: 'USAGE', message, hint });

function choose(recipe: Recipe, release: string, kinds: readonly RecipeKind[]): From {
  const { name, from } = recipe;
  const choice = kindIn(kinds, from).release?.(sourceOf(from));
  if (choice === undefined) {
    throw usage(
      `The recipe ${name} has no releases to choose ${quoted(release)} from.`,
      `Leave ":${release}" out; a tag is given with --tag.`,
    );
  }
  const checked = choice.form.safeParse(release);
  if (!checked.success) {
    throw usage(
      `There can be no release ${quoted(release)} of ${name}: ${checked.error.issues[0]?.message}.`,
      `Name one as in ${name}:${choice.current}, or leave it out.`,
    );
  }
  if (choice.pinned !== undefined && release !== choice.current) {
    throw usage(
      `The recipe ${name} pins the archive of ${choice.current} by its ${choice.pinned}.`,
      'Leave the release out, or copy the recipe and pin the other one.',
    );
  }
  return withSource(from, choice.with(release));
}

/**
 * Returns the recipe with another release. Throws USAGE when its kind has none, or none of that name.
 */
export const withRelease = (
  recipe: Recipe,
  release: string,
  kinds: readonly RecipeKind[],
): Recipe => ({
  ...recipe,
  from: choose(recipe, release, kinds),
  release,
  ...(recipe.base && { base: withRelease(recipe.base, release, kinds) }),
});
