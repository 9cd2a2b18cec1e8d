import { createHash } from 'node:crypto';

/** A text that SPDX's list does not name, as a package states it. */
export interface ExtractedText {
  /** `LicenseRef-…` (SPDX 2.3, clause 10.1). */
  readonly id: string;
  /** The name that the package gives it. */
  readonly name: string;
  readonly text: string;
}

/** The licence of a component, and the source that it was read from. */
export interface Licence {
  /** A valid SPDX expression (SPDX 2.3, annex D), or NOASSERTION where nothing states one. */
  readonly expression: string;
  /** Texts behind the expression's LicenseRefs, sorted by id. */
  readonly texts: readonly ExtractedText[];
  /** The source, for people, for instance `copyright file, format 1.0`. */
  readonly basis: string;
}

/** Makes the licence of a component that states none. */
export const unknownLicence = (basis: string): Licence => ({
  expression: 'NOASSERTION',
  texts: [],
  basis,
});

/** Keeps the characters of an id (SPDX 2.3, annex D: `idstring = 1*(ALPHA / DIGIT / "-" / ".")`). */
const idCharacters = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);

/**
 * Makes a licence that SPDX does not list. Its id is the name that the package gives it and eight
 * digits of its text's sha256, since many packages give one name to different texts.
 */
export function licenceRef(name: string, text: string): ExtractedText {
  const digits = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return { id: `LicenseRef-${idCharacters(name)}-${digits}`, name, text };
}
