import { sha256OfBytes } from '../../base/hash.ts';
import type { ExtractedText } from './licence.ts';

/** Characters of an id (SPDX 2.3, annex D: `idstring = 1*(ALPHA / DIGIT / "-" / ".")`). */
const idCharacters = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);

/**
 * A licence that SPDX does not list, under an id of its own: the name that the package gives it, and
 * eight digits of its text's sha256, for many give one name to different texts.
 */
export function licenceRef(name: string, text: string): ExtractedText {
  const digits = sha256OfBytes(text).slice(0, 8);
  return { id: `LicenseRef-${idCharacters(name)}-${digits}`, name, text };
}
