import { describe, expect, test } from 'vitest';
import { proseLicence } from '../../../../src/packages/deb/licences/prose.ts';

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction. The above copyright notice and this
permission notice shall be included in all copies or substantial portions.`;

const bsd = (clauses: string) => `Redistribution and use in source and binary forms are permitted:
1. Redistributions of source code must retain the above copyright notice.
2. Redistributions in binary form must reproduce the above copyright notice.
${clauses}`;

const gpl = (range: string) => `This is free software; you can redistribute it and/or modify
 it under the terms of the GNU General Public License as published by
 the Free Software Foundation; ${range}.
On Debian systems, the complete text of the GNU General Public License
version 2 can be found in /usr/share/common-licenses/GPL-2.`;

const expressionOf = (text: string, name = 'demo') => proseLicence(text, name).expression;

describe('a copyright file in prose', () => {
  test.each([
    [gpl('either version 2, or (at your option) any later version'), 'GPL-2.0-or-later'],
    [
      gpl('either version 3 of the License, or, at your option, any later version'),
      'GPL-3.0-or-later',
    ],
    [gpl('version 2 of the License'), 'GPL-2.0-only'],
    [
      'Released under the GNU Lesser General Public License version 2.1 or later.',
      'LGPL-2.1-or-later',
    ],
    [mit, 'MIT'],
    [`${mit}\nExcept as contained in this notice, the name of X shall not be used.`, 'X11'],
    [bsd(''), 'BSD-2-Clause'],
    [bsd('3. Neither the name of X may be used.'), 'BSD-3-Clause'],
    [
      bsd('3. All advertising materials mentioning features\n4. Neither the name of X'),
      'BSD-4-Clause',
    ],
    [`${mit}\n${bsd('')}`, 'BSD-2-Clause AND MIT'],
    [
      'You may use it under the same terms as Perl itself.',
      'Artistic-1.0-Perl OR GPL-1.0-or-later',
    ],
  ])('is what it grants in well-known words (%#)', (text, expected) => {
    expect(proseLicence(text, 'demo')).toMatchObject({ expression: expected, texts: [] });
  });

  test('is read through the marks of comments', () => {
    const quoted = gpl('either\n * version 2, or (at your option) any later version');
    expect(expressionOf(`/*\n * ${quoted}\n */`)).toBe('GPL-2.0-or-later');
  });

  test('is kept whole when nothing in it is known, or it grants more than that', () => {
    const unknown = proseLicence('Released under the terms of the GPL.', 'demo');
    expect(unknown.texts).toEqual([
      {
        id: unknown.expression,
        name: 'demo-copyright',
        text: 'Released under the terms of the GPL.',
      },
    ]);
    expect(expressionOf(`${mit}\nThe tests are in the public domain.`)).toMatch(
      /^LicenseRef-demo-copyright-[0-9a-f]{8} AND MIT$/,
    );
  });

  test('where the text of a licence lies grants nothing', () => {
    const pointer = 'The complete text of the GNU General Public License version 3 is elsewhere.';
    expect(expressionOf(pointer)).toMatch(/^LicenseRef-/);
  });
});

describe("GCC's copyright file", () => {
  const gcc = `GCC is free software under the terms of the GNU General Public License as published by the
Free Software Foundation; either version 3, or (at your option) any later version.

The following runtime libraries are licensed under the terms of the
GNU General Public License (v3 or later) with version 3.1 of the GCC
Runtime Library Exception (included in this file):

 - libgcc (libgcc/, gcc/libgcc2.[ch])
 - libstdc++-v3
 - libgomp

The libbacktrace library is licensed under the following terms:
${bsd('')}`;

  test.each(['libgcc-s1', 'libgcc-14-dev', 'libstdc++6', 'libstdc++-14-dev', 'libgomp1'])(
    'gives %s the runtime exception',
    (name) => {
      expect(expressionOf(gcc, name)).toBe('GPL-3.0-or-later WITH GCC-exception-3.1');
    },
  );

  test('gives it neither to the compiler nor to a library that it does not list', () => {
    for (const name of ['gcc-14', 'libitm1']) {
      expect(expressionOf(gcc, name)).toBe('BSD-2-Clause AND GPL-3.0-or-later');
    }
  });
});
