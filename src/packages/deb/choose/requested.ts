import { MkbaseError } from '../../../base/errors.ts';
import { suiteIn } from '../archive/extra-source.ts';
import type { Pins } from '../index/universe.ts';

/** A package as a recipe asks for it. */
export interface Requested {
  readonly name: string;
  /** Debian's name of another architecture than the image's own, for instance `i386`. */
  readonly architecture?: string;
  readonly version?: string;
  /** Suite, or name of a source, that it is to come from. */
  readonly from?: string;
}

/** Reads `name`, `name=version` or `name/suite`, each with `:architecture` after the name, as apt takes them. */
export function requestedPackage(word: string): Requested {
  const [, name = word, architecture, sign, rest = ''] =
    /^([^=/:]+)(?::([^=/]+))?(?:([=/])(.*))?$/.exec(word) ?? [];
  const asked = { name, ...(architecture !== undefined && { architecture }) };
  if (sign === undefined) return asked;
  return sign === '=' ? { ...asked, version: rest } : { ...asked, from: rest };
}

/** Returns the architectures other than its own that packages of an image are of, sorted. */
export const foreignAmong = (
  packages: readonly { readonly architecture?: string | undefined }[],
  own: string,
): string[] => {
  const found = packages.flatMap(({ architecture }) => architecture ?? []);
  return [...new Set(found)].filter((each) => each !== own && each !== 'all').sort();
};

/** Returns the suite that a word names: by its own name, or by that of its source. */
const labelFor = (from: string, labels: readonly string[]): string | undefined =>
  labels.find((label) => label === from) ??
  labels.find((label) => suiteIn(label) === from || label.startsWith(`${from}:`));

/**
 * Returns the packages that are asked for from a suite, each with the name that locks have for it. Throws
 * PACKAGE_NOT_FOUND for a suite that is not among those of the recipe.
 */
export function pinsOf(words: readonly string[], labels: readonly string[]): Pins {
  const pins = new Map<string, string>();
  for (const word of words) {
    const { name, from } = requestedPackage(word);
    if (from === undefined) continue;
    const label = labelFor(from, labels);
    if (label === undefined) {
      throw new MkbaseError({
        code: 'PACKAGE_NOT_FOUND',
        message: `${word} asks for the suite ${from}, which the recipe does not take packages from; it has ${labels.join(', ')}.`,
        hint: `Name it under "sources" of the recipe, for instance "sources: [{ suite: ${from} }]".`,
        about: [word, name],
      });
    }
    pins.set(name, label);
  }
  return pins;
}
