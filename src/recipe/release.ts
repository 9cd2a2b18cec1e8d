import { MkbaseError } from '../errors.ts';
import { quoted } from './characters.ts';
import { isPath } from './find.ts';
import { releaseName } from './kinds/minirootfs.ts';
import type { From } from './kinds.ts';
import type { Recipe } from './recipe.ts';

/** `alpine:3.20` names the recipe alpine and the release 3.20; a path keeps its colons. */
export function splitRelease(word: string): { readonly name: string; readonly release?: string } {
  const colon = word.indexOf(':');
  if (colon < 0 || isPath(word)) return { name: word };
  return { name: word.slice(0, colon), release: word.slice(colon + 1) };
}

const usage = (message: string, hint: string) => new MkbaseError({ code: 'USAGE', message, hint });

function choose({ name, from }: Recipe, release: string): From {
  if (from.kind !== 'minirootfs' || 'url' in from.minirootfs) {
    throw usage(
      `The recipe ${name} has no releases to choose ${quoted(release)} from.`,
      `Leave ":${release}" out; a tag is given with --tag.`,
    );
  }
  const checked = releaseName.safeParse(release);
  if (!checked.success) {
    throw usage(
      `There can be no release ${quoted(release)} of ${name}: ${checked.error.issues[0]?.message}.`,
      `Name one as in ${name}:${from.minirootfs.release}, or leave it out.`,
    );
  }
  if (from.minirootfs.sha512 !== undefined && release !== from.minirootfs.release) {
    throw usage(
      `The recipe ${name} pins the archive of ${from.minirootfs.release} by its sha512.`,
      'Leave the release out, or copy the recipe and pin the other one.',
    );
  }
  return { kind: 'minirootfs', minirootfs: { ...from.minirootfs, release } };
}

/** The recipe with another release. Throws USAGE when its kind has none, or none of that name. */
export const withRelease = (recipe: Recipe, release: string): Recipe => ({
  ...recipe,
  from: choose(recipe, release),
  release,
});
