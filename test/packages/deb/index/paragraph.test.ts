import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseParagraph,
  parseParagraphs,
  words,
} from '../../../../src/packages/deb/index/paragraph.ts';

describe('parseParagraph', () => {
  test('reads fields by lower-case name, and joins continuation lines', () => {
    const fields = parseParagraph('Package: hello\nDescription: short\n long\n .\n more\nEmpty:\n');
    expect(Object.fromEntries(fields)).toEqual({
      package: 'hello',
      description: 'short\nlong\n.\nmore',
      empty: '',
    });
  });

  test.each([
    ['a line that is no field', 'Package: a\nnonsense\n'],
    ['a field that comes twice', 'Package: a\nVersion: 1\npackage: b\n'],
    ['a continuation of nothing', ' continued\n'],
    ['a name with a blank', 'Some field: a\n'],
  ])('refuses %s', (_, text) => {
    expect(() => parseParagraph(text)).toThrow(SyntaxError);
  });

  test('gives back any fields that were written', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,10}$/);
    const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
    const fields = fc.uniqueArray(fc.tuple(name, value), {
      selector: ([key]) => key.toLowerCase(),
    });
    fc.assert(
      fc.property(fields, (pairs) => {
        const text = pairs.map(([key, content]) => `${key}: ${content}\n`).join('');
        const expected = pairs.map(([key, content]) => [key.toLowerCase(), content]);
        expect([...parseParagraph(text)]).toEqual(expected);
      }),
    );
  });
});

test('paragraphs are separated by empty lines', () => {
  const found = parseParagraphs('\nA: 1\n\n \nA: 2 3\nB: x\n\n');
  expect(found.map((each) => words(each, 'a'))).toEqual([['1'], ['2', '3']]);
});
