import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../src/base/canonical-json.ts';
import { documentBytes } from '../../../src/evidence/sbom/document.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 8 });
const element = fc.dictionary(
  text,
  fc.oneof(text, fc.array(text, { maxLength: 2 }), fc.constant(undefined)),
  {
    maxKeys: 3,
  },
);
const member = fc.oneof(
  text,
  fc.integer(),
  element,
  fc.array(element, { maxLength: 3 }),
  fc.constant(undefined),
);

test('a document is written just as canonical JSON is, whatever it holds', () => {
  fc.assert(
    fc.property(fc.dictionary(text, member, { minKeys: 1, maxKeys: 5 }), (document) => {
      fc.pre(Object.values(document).some((value) => value !== undefined));
      expect(documentBytes(document).toString()).toBe(canonicalJson(document));
    }),
  );
});
