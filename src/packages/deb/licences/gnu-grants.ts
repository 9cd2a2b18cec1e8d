import type { Recognised } from '../../licences/recognised.ts';

const kinds: Readonly<Record<string, string>> = {
  '': 'GPL',
  lesser: 'LGPL',
  library: 'LGPL',
  affero: 'AGPL',
};
const known = new Set([
  'GPL-1.0',
  'GPL-2.0',
  'GPL-3.0',
  'LGPL-2.0',
  'LGPL-2.1',
  'LGPL-3.0',
  'AGPL-3.0',
]);

const licence = 'GNU (?:(Lesser|Library|Affero) )?General Public Licen[cs]e(?: \\(A?L?GPL\\))?';
const version = '(?:version|v\\.?) ?(\\d(?:\\.\\d)?)(?:\\.0)?(?: of the licen[cs]e)?';
const later =
  '(,? (?:or|and),? (?:\\(? ?at your (?:option|choice)\\)?,? )?(?:any )?(?:later|newer)|\\+)?';

/** The forms in which the GNU licences are granted; where their text lies is no grant. */
const grants = [
  new RegExp(
    `${licence},? as published by the Free Software Foundation[;,:]? (?:either )?${version}${later}`,
    'gi',
  ),
  new RegExp(
    `under (?:the )?(?:terms of )?(?:the )?${licence},? \\(?(?:either )?${version}${later}`,
    'gi',
  ),
];

/** SPDX ids of the GNU licences that some prose grants, and what it says besides. */
export function gnuGrants(line: string): Recognised {
  const ids = new Set<string>();
  let rest = line;
  for (const grant of grants) {
    rest = rest.replace(grant, (_, kind = '', number: string, orLater?: string) => {
      const id = `${kinds[kind.toLowerCase()]}-${number.includes('.') ? number : `${number}.0`}`;
      if (known.has(id)) ids.add(`${id}-${orLater === undefined ? 'only' : 'or-later'}`);
      return '';
    });
  }
  return { ids: [...ids], rest };
}
