import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, digestOf } from '../../src/base/canonical-json.ts';

test('it is JSON of the same value, whatever the order of the keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const plain = JSON.parse(JSON.stringify(value)) as object;
      expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
      const turned = Object.fromEntries(Object.entries(plain).reverse());
      expect(canonicalJson(turned)).toBe(canonicalJson(plain));
      expect(digestOf(turned)).toBe(digestOf(plain));
    }),
  );
});

test('an undefined member is as if it were not there', () => {
  expect(canonicalJson({ a: 1, b: undefined })).toBe('{\n  "a": 1\n}\n');
});
