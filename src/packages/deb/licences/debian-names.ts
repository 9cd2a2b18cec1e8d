import { anyOf, type Expression } from '../../licences/expression.ts';

/**
 * Short names of Debian's copyright format that are not SPDX's own, by their lower-case form (copyright
 * format 1.0, "License short name"; https://wiki.debian.org/Proposals/CopyrightFormat). Ambiguous
 * names (`GPL` without a version, `BSD`, `PD`) are left out: such a licence is kept by its text.
 */
const names: ReadonlyMap<string, Expression> = new Map<string, Expression>([
  ['expat', 'MIT'],
  ['mit', 'MIT'],
  ['isc', 'ISC'],
  ['apache-2', 'Apache-2.0'],
  ['apache-2.0', 'Apache-2.0'],
  // The one that Perl ships and /usr/share/common-licenses/Artistic holds.
  ['artistic', 'Artistic-1.0-Perl'],
  ['artistic-2', 'Artistic-2.0'],
  ['perl', anyOf(['Artistic-1.0-Perl', 'GPL-1.0-or-later'])],
  ['bsd-1-clause', 'BSD-1-Clause'],
  ['bsd-2-clause', 'BSD-2-Clause'],
  ['bsd-3-clause', 'BSD-3-Clause'],
  ['bsd-4-clause', 'BSD-4-Clause'],
  ['bsd-4-clause-uc', 'BSD-4-Clause-UC'],
  ['boost-1.0', 'BSL-1.0'],
  ['cc0', 'CC0-1.0'],
  ['efl-2', 'EFL-2.0'],
  ['libpng', 'Libpng'],
  ['openldap-2.8', 'OLDAP-2.8'],
  ['qpl', 'QPL-1.0'],
  ['sleepycat', 'Sleepycat'],
  ['zlib', 'Zlib'],
  ['zope-2.1', 'ZPL-2.1'],
]);

const versions: Readonly<Record<string, readonly string[]>> = {
  GPL: ['1.0', '2.0', '3.0'],
  LGPL: ['2.0', '2.1', '3.0'],
  AGPL: ['1.0', '3.0'],
  GFDL: ['1.1', '1.2', '1.3'],
};

/** Translates GNU's names, for instance `GPL-2+`, `LGPL-2.1`, `GFDL-NIV-1.3+`. */
function gnuId(name: string): string | undefined {
  const [, family = '', invariants, number = '', later] =
    /^(A?GPL|LGPL|GFDL)(-NIV)?-(\d(?:\.\d)?)(?:\.0)?(\+|-or-later|-only)?$/i.exec(name) ?? [];
  const version = number.includes('.') ? number : `${number}.0`;
  const known = versions[family.toUpperCase()]?.includes(version);
  if (!known || (invariants && family.toUpperCase() !== 'GFDL')) return undefined;
  const kind = invariants ? '-no-invariants' : '';
  const range = later === '+' || later === '-or-later' ? 'or-later' : 'only';
  return `${family.toUpperCase()}-${version}${kind}-${range}`;
}

/** Translates a short name of Debian's into SPDX's words; undefined when it is not in the tables. */
export const debianName = (name: string): Expression | undefined =>
  names.get(name.toLowerCase()) ?? gnuId(name);
