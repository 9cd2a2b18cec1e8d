import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excerpt, positionOf } from '../../../src/recipe/diagnostics/excerpt.ts';

const spanOf = (text: string, part: string) => {
  const start = text.indexOf(part);
  return { start, end: start + part.length };
};

describe('positionOf', () => {
  test('counts lines and characters from one', () => {
    expect(positionOf('a\nbc', 0)).toEqual({ line: 1, column: 1 });
    expect(positionOf('a\nbc', 3)).toEqual({ line: 2, column: 2 });
    expect(positionOf('a\n', 2)).toEqual({ line: 2, column: 1 });
    expect(positionOf('', 0)).toEqual({ line: 1, column: 1 });
  });

  test('counts a character outside the basic plane once', () => {
    const text = 'x: "😀" # here';
    expect(positionOf(text, text.indexOf('#'))).toEqual({ line: 1, column: 8 });
  });
});

describe('excerpt', () => {
  test('marks the span', () => {
    const text = 'from:\n  flag: [-Os]\n';
    expect(excerpt(text, spanOf(text, 'flag'))).toBe('   2 |   flag: [-Os]\n     |   ^^^^');
  });

  test('lines the marker up under wide characters and tabs', () => {
    const text = 'a: "日本"\tb: c';
    expect(excerpt(text, spanOf(text, 'b'))).toBe('   1 | a: "日本"→b: c\n     |           ^');
    expect(excerpt(text, spanOf(text, '日本'))).toBe('   1 | a: "日本"→b: c\n     |     ^^^^');
  });

  test('marks only the first line of a longer span', () => {
    const text = 'a: |\r\n  b\r\nc: d';
    expect(excerpt(text, { start: 3, end: text.length })).toBe('   1 | a: |\n     |    ^');
  });

  test('shows one mark where there is nothing to mark', () => {
    expect(excerpt('', { start: 0, end: 0 })).toBe('   1 |\n     | ^');
    expect(excerpt('a:\n', { start: 3, end: 3 })).toBe('   2 |\n     | ^');
  });

  test('cuts a long line around the marker', () => {
    const text = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
    const [line, marker] = excerpt(text, spanOf(text, 'HERE')).split('\n') as [string, string];
    expect(line).toBe(`   1 | …${'a'.repeat(32)}HERE${'b'.repeat(60)}…`);
    expect(line.slice(marker.indexOf('^'), marker.lastIndexOf('^') + 1)).toBe('HERE');
  });

  test('shows no character that acts on a terminal', () => {
    expect(excerpt('a: \u001b[31m\u202eb', { start: 3, end: 4 })).toBe(
      '   1 | a: \ufffd[31m\ufffdb\n     |    ^',
    );
  });

  test('is two short lines for any text and span', () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    fc.assert(
      fc.property(text, fc.nat(400), fc.nat(400), (value, start, length) => {
        const from = Math.min(start, value.length);
        const shown = excerpt(value, { start: from, end: Math.min(value.length, from + length) });
        expect(shown.split('\n')).toHaveLength(2);
        expect([...shown].length).toBeLessThan(400);
        expect(shown).toMatch(/\^+$/);
      }),
    );
  });
});
