import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ByteString,
  fromLosslessText,
  toByteString,
  toLosslessText,
} from '../../src/base/byte-string.ts';

const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 4 }).map(toByteString),
  fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.constantFrom(
    '\\377',
    '\\',
    '\\134',
    '\\8',
    'a',
    '\xed\xa0\x80',
    '\xc0\x80',
    '\xf5',
    '\xef\xbb\xbf',
  ),
);
const bytes: fc.Arbitrary<ByteString> = fc
  .array(piece, { maxLength: 5 })
  .map((all) => all.join(''));

describe('toLosslessText', () => {
  test('leads back to the bytes, whatever they are, and is text that JSON keeps', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const text = toLosslessText(value);
        expect(fromLosslessText(text)).toBe(value);
        expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text);
      }),
    );
  });

  test.each([
    ['UTF-8 as it is', toByteString('héllo \u{1f600}'), 'héllo \u{1f600}'],
    ['a backslash as it is', 'system\\x2ddevices', 'system\\x2ddevices'],
    ['one byte of Latin-1', 'h\xe9llo', 'h\\351llo'],
    ['a character before and after it', '\xc3\xa9\xff\xc3\xa9', 'é\\377é'],
    ['text that looks like such a byte', 'h\\351llo', 'h\\134351llo'],
    ['half of a pair of UTF-16', '\xed\xa0\x80', '\\355\\240\\200'],
  ])('writes %s', (_, value, text) => {
    expect(toLosslessText(value)).toBe(text);
  });
});
