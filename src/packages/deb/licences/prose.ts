import { allOf, expressionText } from '../../licences/expression.ts';
import { type Licence, licenceRef } from '../../licences/licence.ts';
import { gnuGrants, wellKnownTexts } from '../../licences/well-known-texts.ts';

/** Words of a grant. Left over, they show that the prose grants more than was recognised. */
const grant =
  /permission is (?:hereby )?granted|permission to (?:use|copy)|licen[cs]e agreement|hereby grants?\b|public domain/i;

/** Removes line breaks, and the marks of comments that quoted sources bring. */
const asLine = (text: string): string =>
  text.replace(/^[ \t]*(?:\*+|\/\*+|\/\/|#+|;+|dnl\b)/gm, '').replace(/\s+/g, ' ');

/** Puts a choice (`MIT OR GPL-2.0-only`) in parentheses, to stand in a list joined by AND. */
const part = (id: string) => (id.includes(' OR ') ? `(${id})` : id);

/**
 * Reads the licence out of a copyright file in prose: all that is granted in well-known words. Where
 * there are none, or the file grants more in other words, its whole text is a licence besides, under
 * a name of its own.
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

/** The names that GCC's copyright file has for the libraries of binary packages. */
const gccLibraries: readonly (readonly [packages: RegExp, library: string])[] = [
  [/^libgcc(?:\d|-)/, 'libgcc'],
  [/^libstdc\+\+/, 'libstdc++-v3'],
  [/^libatomic\d/, 'libatomic'],
  [/^libgomp\d/, 'libgomp'],
  [/^libitm\d/, 'libitm'],
  [/^libssp\d/, 'libssp'],
  [/^libgfortran/, 'libgfortran'],
];

const gccSentence =
  /The following runtime libraries are licensed under the terms of the GNU General Public License \(v3 or later\) with version 3\.1 of the GCC Runtime Library Exception \(included in this file\):(.*?) The libbacktrace library/;

/**
 * Returns the licence of a library of GCC, whose copyright file covers the compilers and their
 * libraries and lists the libraries that have the runtime exception. Undefined for any other file,
 * and for a package that the list does not name.
 */
function gccRuntimeLicence(line: string, name: string): string | undefined {
  const library = gccLibraries.find(([packages]) => packages.test(name))?.[1];
  const listed = gccSentence
    .exec(line)?.[1]
    ?.split(' - ')
    .map((each) => each.trim().split(/[ (]/)[0]);
  if (library === undefined || !listed?.includes(library)) return undefined;
  return 'GPL-3.0-or-later WITH GCC-exception-3.1';
}
