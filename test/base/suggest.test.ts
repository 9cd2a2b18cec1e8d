import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, suggest } from '../../src/base/suggest.ts';

describe('editDistance', () => {
  test('counts insertions, deletions, substitutions and swaps of neighbours', () => {
    expect(editDistance('flag', 'flags')).toBe(1);
    expect(editDistance('sources', 'source')).toBe(1);
    expect(editDistance('lib', 'lab')).toBe(1);
    expect(editDistance('form', 'from')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
  });

  test('is symmetric, zero only for equal words, and never above the longer length', () => {
    const word = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('suggest', () => {
  test('finds what was meant', () => {
    expect(suggest('toolchian', ['name', 'toolchain', 'sources'])).toBe('toolchain');
    expect(suggest('Link-Flags', ['flags', 'linkFlags'])).toBe('linkFlags');
    expect(suggest('helo', ['hello', 'hello-cpp'])).toBe('hello');
  });

  test('prefers the nearest, then the first', () => {
    expect(suggest('flag', ['flags', 'flag'])).toBe('flag');
    expect(suggest('cas', ['car', 'cat'])).toBe('car');
  });

  test('stays silent when nothing is near', () => {
    expect(suggest('postgres', ['hello', 'lua'])).toBeUndefined();
    expect(suggest('x', ['y'])).toBeUndefined();
    expect(suggest('', ['a'])).toBeUndefined();
    expect(suggest('a'.repeat(1000), ['a'.repeat(999)])).toBeUndefined();
  });
});
