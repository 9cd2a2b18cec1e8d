import { allOf, expressionText } from '../../licences/expression.ts';
import type { Licence } from '../../licences/licence.ts';
import { licenceRef } from '../../licences/licence-ref.ts';
import { wellKnownTexts } from '../../licences/well-known-texts.ts';
import { gccRuntimeLicence } from './gcc-runtime.ts';
import { gnuGrants } from './gnu-grants.ts';

/** Words of a grant. Where they are left over, the prose grants more than was recognised. */
const grant =
  /permission is (?:hereby )?granted|permission to (?:use|copy)|licen[cs]e agreement|hereby grants?\b|public domain/i;

/** Without line breaks, and without the marks of comments that quoted sources bring. */
const asLine = (text: string): string =>
  text.replace(/^[ \t]*(?:\*+|\/\*+|\/\/|#+|;+|dnl\b)/gm, '').replace(/\s+/g, ' ');

/** `mine OR yours` as it stands in a list of what all holds. */
const part = (id: string) => (id.includes(' OR ') ? `(${id})` : id);

/**
 * Under which licence a package is whose copyright file is prose: what is granted in well-known words.
 * Where there are none, or the file grants more in other words, its whole text is a licence besides,
 * under a name of its own.
 */
export function proseLicence(copyright: string, name: string): Licence {
  const line = asLine(copyright);
  const runtime = gccRuntimeLicence(line, name);
  if (runtime !== undefined) {
    const basis = "GCC's copyright file: its list of libraries with the runtime exception";
    return { expression: runtime, texts: [], basis };
  }
  const gnu = gnuGrants(line);
  const texts = wellKnownTexts(gnu.rest);
  const ids = [...gnu.ids, ...texts.ids].map(part);
  const kept =
    ids.length === 0 || grant.test(texts.rest)
      ? [licenceRef(`${name}-copyright`, copyright.trim())]
      : [];
  return {
    expression: expressionText(allOf([...ids, ...kept.map(({ id }) => id)])),
    texts: kept,
    basis:
      kept.length > 0
        ? 'copyright file in prose, kept whole for what is not in well-known words'
        : 'copyright file in prose: what is granted in well-known words',
  };
}
