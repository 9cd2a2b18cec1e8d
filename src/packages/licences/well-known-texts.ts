import type { Recognised } from './recognised.ts';

/** Words that no other licence has, all of which must be there. */
interface KnownText {
  readonly id: string;
  readonly words: readonly RegExp[];
  /** Words of a licence that says all of this and more. */
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

/** The BSD licences are one text with more or fewer clauses; a file may hold several of them. */
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

/** SPDX ids of the well-known texts in some prose, and what it says besides. */
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
