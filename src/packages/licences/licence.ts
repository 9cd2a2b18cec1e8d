/** A text that SPDX's list does not name, as a package states it. */
export interface ExtractedText {
  /** `LicenseRef-…` (SPDX 2.3, clause 10.1). */
  readonly id: string;
  /** The name that the package gives it. */
  readonly name: string;
  readonly text: string;
}

/** Under which licence something is, and where that was read. */
export interface Licence {
  /** A valid SPDX expression (SPDX 2.3, annex D), or NOASSERTION where nothing says. */
  readonly expression: string;
  /** Texts behind the expression's LicenseRefs, sorted by id. */
  readonly texts: readonly ExtractedText[];
  /** For people: what was read, for instance `copyright file, format 1.0`. */
  readonly basis: string;
}

/** Where nothing says what the licence is. */
export const unknownLicence = (basis: string): Licence => ({
  expression: 'NOASSERTION',
  texts: [],
  basis,
});
