import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashBytes, nameTableBuilder } from '../../src/packages/name-table.ts';

const hashOf = (name: string) => {
  const bytes = Buffer.from(name);
  return hashBytes(bytes, 0, bytes.length);
};

test('a name table finds every number filed under a name, and none under a name that was not', () => {
  const filed = fc.array(fc.tuple(fc.stringMatching(/^[a-z0-9+.-]{1,4}$/), fc.nat(1000)));
  fc.assert(
    fc.property(filed, fc.stringMatching(/^[A-Z]{5}$/), (pairs, absent) => {
      const builder = nameTableBuilder();
      for (const [name, number] of pairs) builder.add(hashOf(name), number);
      const table = builder.build();
      for (const [name] of pairs) {
        const numbers = pairs.filter(([other]) => other === name).map(([, number]) => number);
        const expected = [...new Set(numbers)].sort((a, b) => a - b);
        expect(table.find(name)).toEqual(expect.arrayContaining(expected));
      }
      expect(table.find(absent)).toEqual([]);
    }),
  );
});

test('a hash is FNV-1a', () => {
  expect(hashOf('')).toBe(0x811c9dc5);
  expect(hashOf('foobar')).toBe(0xbf9cf968);
});
