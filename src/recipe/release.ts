import type { ZodType } from 'zod';
import { quoted } from '../base/characters.ts';
import { MkbaseError } from '../base/errors.ts';
import { branchName, releaseName } from '../kinds/minirootfs/schema.ts';
import { suiteName } from './fields.ts';
import { isPath } from './find.ts';
import type { From } from './kinds.ts';
import type { Recipe } from './recipe.ts';

/** `alpine:3.20` names the recipe alpine and the release 3.20; a path keeps its colons. */
export function splitRelease(word: string): { readonly name: string; readonly release?: string } {
  const colon = word.indexOf(':');
  if (colon < 0 || isPath(word)) return { name: word };
  return { name: word.slice(0, colon), release: word.slice(colon + 1) };
}

const usage = (message: string, hint: string) => new MkbaseError({ code: 'USAGE', message, hint });

/** The field that names a kind's release, its form, and `from` with another one. */
interface Choice {
  readonly form: ZodType<string>;
  readonly current: string;
  readonly with: (release: string) => From;
}

function choiceOf(from: From): Choice | undefined {
  switch (from.kind) {
    case 'minirootfs': {
      const { minirootfs } = from;
      if ('url' in minirootfs) return undefined;
      return {
        form: releaseName,
        current: minirootfs.release,
        with: (release) => ({ kind: 'minirootfs', minirootfs: { ...minirootfs, release } }),
      };
    }
    case 'debootstrap':
      return {
        form: suiteName,
        current: from.debootstrap.suite,
        with: (suite) => ({ ...from, debootstrap: { ...from.debootstrap, suite } }),
      };
    case 'debs':
      return {
        form: suiteName,
        current: from.debs.suite,
        with: (suite) => ({ ...from, debs: { ...from.debs, suite } }),
      };
    case 'apk':
      return {
        form: branchName,
        current: from.apk.branch,
        with: (branch) => ({ ...from, apk: { ...from.apk, branch } }),
      };
    case 'static':
      return undefined;
  }
}

function refusePinned({ name, from }: Recipe, release: string): void {
  if (from.kind !== 'minirootfs' || 'url' in from.minirootfs) return;
  if (from.minirootfs.sha512 === undefined || release === from.minirootfs.release) return;
  throw usage(
    `The recipe ${name} pins the archive of ${from.minirootfs.release} by its sha512.`,
    'Leave the release out, or copy the recipe and pin the other one.',
  );
}

function choose(recipe: Recipe, release: string): From {
  const { name, from } = recipe;
  const choice = choiceOf(from);
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
  refusePinned(recipe, release);
  return choice.with(release);
}

/** The recipe with another release. Throws USAGE when its kind has none, or none of that name. */
export const withRelease = (recipe: Recipe, release: string): Recipe => ({
  ...recipe,
  from: choose(recipe, release),
  release,
});
