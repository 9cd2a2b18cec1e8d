import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cellWidth,
  printed,
  quoted,
  shownCharacter,
  unprintable,
} from '../../src/base/characters.ts';
import { text } from '../../src/recipe/schema/fields.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });

describe('printed', () => {
  test('writes what would act on a terminal as an escape', () => {
    expect(printed('a\u001b[31mb\r\n\u202ec')).toBe('a\\u001b[31mb\\u000d\\u000a\\u202ec');
  });

  test('leaves no unprintable character in any text', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(printed(value)).not.toMatch(unprintable);
      }),
    );
  });
});

describe('quoted', () => {
  test('shortens long text', () => {
    expect(quoted('x'.repeat(1000))).toBe(`"${'x'.repeat(71)}…"`);
  });

  test('is one printable line for any text', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(quoted(value)).toMatch(/^".*"$/);
        expect(quoted(value)).not.toMatch(unprintable);
      }),
    );
  });
});

test('every character shows as one printable character of at most two cells', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), (character) => {
      const shown = shownCharacter(character);
      expect(shown).not.toMatch(unprintable);
      expect([0, 1, 2]).toContain(cellWidth(shown));
    }),
  );
});

test('wide, combining and plain characters take their cells', () => {
  expect(['a', 'ü', '日', '한', '😀', '\u0301', '→', '\ufffd'].map(cellWidth)).toEqual([
    1, 1, 2, 2, 2, 0, 1, 1,
  ]);
});

test('the schema takes no text that could not be printed as it is', () => {
  fc.assert(
    fc.property(anyText, (value) => {
      if (text.safeParse(value).success) expect(printed(value)).toBe(value);
    }),
    { numRuns: 500 },
  );
});
