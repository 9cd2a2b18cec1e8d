import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textWidth } from '../../src/base/characters.ts';
import { manyLines, oneLine, padEnd, truncate, wrap } from '../../src/ui/text.ts';

describe('text from outside', () => {
  test('cannot colour, clear or move anything on the terminal', () => {
    expect(oneLine('\u001b[2J\u001b[31mred\u001b[0m')).toBe('red');
  });

  test('cannot set the title of the window', () => {
    expect(oneLine('a\u001b]0;owned\u0007b')).toBe('ab');
    expect(oneLine('a\u001b]0;owned\u001b\\b')).toBe('ab');
  });

  test('cannot overwrite its own beginning or run the other way', () => {
    expect(oneLine('safe\r\bunsafe\u202egnp.exe')).toBe('safeunsafegnp.exe');
  });

  test('keeps to its line, and keeps its tabs as spaces', () => {
    expect(oneLine('\tint x;\nint y;')).toBe('    int x; int y;');
  });

  test('keeps its line ends where several lines are wanted', () => {
    expect(manyLines('a\r\nb\u001b[1m\nc')).toBe('a\nb\nc');
  });

  test('never holds a control character, whatever it was', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/\p{Cc}/u.test(oneLine(text))));
  });
});

test('what is cut ends in an ellipsis and fits', () => {
  expect(truncate('abcdef', 6)).toBe('abcdef');
  expect(truncate('abcdefg', 6)).toBe('abcde…');
  expect(truncate('abc', 0)).toBe('');
  expect(truncate('日本語', 5)).toBe('日本…');
  expect(truncate('日本語', 4)).toBe('日…');
});

test('columns line up beside characters that take two cells, or none', () => {
  expect(['日本', 'e\u0301', 'ab'].map((text) => padEnd(text, 5))).toEqual([
    '日本 ',
    'e\u0301    ',
    'ab   ',
  ]);
});

describe('wrapping', () => {
  test('breaks at spaces and leaves a long word whole', () => {
    expect(wrap('see https://example.org/a/long/path now', 12)).toEqual([
      'see',
      'https://example.org/a/long/path',
      'now',
    ]);
  });

  test('loses no word and exceeds the width only with a single word', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), (all, width) => {
        const lines = wrap(all.join(' '), width);
        expect(lines.join(' ')).toBe(all.join(' '));
        for (const line of lines) {
          if (line.includes(' ')) expect(textWidth(line)).toBeLessThanOrEqual(width);
        }
      }),
    );
  });
});
