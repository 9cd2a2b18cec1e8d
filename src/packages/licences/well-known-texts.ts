/** The licences found in prose whose white space is single blanks. */
interface Recognised {
  /** SPDX ids and expressions. */
  readonly ids: readonly string[];
  /** The prose without the words that they were recognised by. */
  readonly rest: string;
}

/** A licence and words that no other licence has, all of which must be there. */
interface KnownText {
  readonly id: string;
  readonly words: readonly RegExp[];
  /** Words of a licence that contains all of this one and more. */
  readonly without?: RegExp;
}

const permission =
  /Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files/i;

const texts: readonly KnownText[] = [
  {
    id: 'MIT',
    words: [permission, /and this permission notice shall be included in all copies/i],
    without: /Except as contained in this notice/i,
  },
  {
    id: 'X11',
    words: [permission, /Except as contained in this notice, the names? of/i],
  },
  {
    id: 'ISC',
    words: [
      /Permission to use, copy, modify, (?:and|and\/or|or) distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies/i,
    ],
  },
  {
    id: 'Zlib',
    words: [
      /The origin of this software must not be misrepresented/i,
      /Altered source versions must be plainly marked as such/i,
    ],
  },
  { id: 'Apache-2.0', words: [/Licensed under the Apache License, Version 2\.0/i] },
  { id: 'MPL-2.0', words: [/subject to the terms of the Mozilla Public License, v\. 2\.0/i] },
  {
    id: 'Artistic-1.0-Perl OR GPL-1.0-or-later',
    words: [/under the same terms as Perl itself/i],
  },
];

/** Finds BSD licences: one text with more or fewer clauses. A file may hold several of them. */
function bsdIds(line: string): string[] {
  const pieces = line.split(/Redistribution and use in source and binary forms/i).slice(1);
  return pieces.flatMap((piece) => {
    const whole = /Redistributions of source code must retain/i.test(piece);
    if (!whole || !/Redistributions in binary form must reproduce/i.test(piece)) return [];
    const advertising = /All advertising materials mentioning features/i.test(piece);
    const endorsement =
      /Neither the names? of|may not be used to endorse|must not be used to endorse/i.test(piece);
    if (advertising) return [endorsement ? 'BSD-4-Clause' : 'BSD-Advertising-Acknowledgement'];
    return [endorsement ? 'BSD-3-Clause' : 'BSD-2-Clause'];
  });
}

/** Finds the well-known texts in prose; `rest` is the prose without them. */
export function wellKnownTexts(line: string): Recognised {
  const found = texts.filter(
    ({ words, without }) => words.every((each) => each.test(line)) && !without?.test(line),
  );
  const words = found.flatMap((each) => each.words);
  return {
    ids: [...found.map(({ id }) => id), ...bsdIds(line)],
    rest: words.reduce((rest, each) => rest.replaceAll(new RegExp(each, 'gi'), ''), line),
  };
}

const gnuKinds: Readonly<Record<string, string>> = {
  '': 'GPL',
  lesser: 'LGPL',
  library: 'LGPL',
  affero: 'AGPL',
};
const gnuIds = new Set([
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

/** The forms in which the GNU licences are granted; a note on where their text lies is no grant. */
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

/** Finds the GNU licences that prose grants; `rest` is the prose without the grants. */
export function gnuGrants(line: string): Recognised {
  const ids = new Set<string>();
  let rest = line;
  for (const grant of grants) {
    rest = rest.replace(grant, (_, kind = '', number: string, orLater?: string) => {
      const id = `${gnuKinds[kind.toLowerCase()]}-${number.includes('.') ? number : `${number}.0`}`;
      if (gnuIds.has(id)) ids.add(`${id}-${orLater === undefined ? 'only' : 'or-later'}`);
      return '';
    });
  }
  return { ids: [...ids], rest };
}
