import { describe, expect, test } from 'vitest';
import type { ZodType } from 'zod';
import * as lockFields from '../../src/packages/lock-fields.ts';
import { sha256, sha512 } from '../../src/recipe/schema/fields.ts';

const fields = { ...lockFields, sha256, sha512 };

const long = 'x'.repeat(1000);
const hex = '0123456789abcdef'.repeat(4);

interface Case {
  readonly schema: ZodType;
  readonly good: unknown[];
  readonly bad: unknown[];
}

/** Values that a lock can hold, and values that nothing must be done with. */
const cases: Readonly<Record<keyof typeof fields, Case>> = {
  text: {
    schema: fields.text,
    good: ['libc6', '1:2.41-1~bpo', 'a b', '日本', long],
    bad: ['', 'a\nb', 'a\n', 'a\u0000', '\u001b[31m', '\u0085', `${long}x`, 1, null],
  },
  sha256: {
    schema: fields.sha256,
    good: [hex],
    bad: [hex.slice(1), `${hex}0`, hex.toUpperCase(), `${hex}\n`, `sha256:${hex}`, ''],
  },
  sha512: {
    schema: fields.sha512,
    good: [hex + hex],
    bad: [hex, `${hex}${hex}0`, (hex + hex).toUpperCase(), ''],
  },
  seconds: {
    schema: fields.seconds,
    good: [0, 1_700_000_000],
    bad: [-1, 0.5, '0', Number.NaN, 2 ** 53],
  },
  bytes: {
    schema: fields.bytes,
    good: [0, 5_000_000_000],
    bad: [-1, 0.5, '0', Number.POSITIVE_INFINITY],
  },
  fileName: {
    schema: fields.fileName,
    good: ['a', 'Release.key', 'lua-5.4.7.tar.gz', 'x~rc1+dfsg_1'],
    bad: ['', '.', '..', '.hidden', '-o', 'a/b', '../a', 'a b', 'a\n', 'ä', 'a;b'],
  },
  url: {
    schema: fields.url,
    good: ['http://a.example/debian', 'https://a.example:8443/x', 'file:///srv/mirror'],
    bad: [
      ...['https://a.example/x?token=secret', 'https://a.example/x#secret', 'https://a.example/?'],
      ...['https://me@a.example/', 'https://me:secret@a.example/', 'https://:secret@a.example/'],
      ...['ftp://a.example/', 'javascript:alert(1)', 'data:,x', 'a.example/debian', '/srv', ''],
    ],
  },
  belowMirror: {
    schema: fields.belowMirror,
    good: ['pool/main/g/glibc/libc6.deb', 'v3.20/main', 'x', 'a..b/...'],
    bad: [
      '',
      '/etc/passwd',
      '../x',
      'a/../b',
      'a/..',
      './a',
      'a/./b',
      'a//b',
      'a/',
      'a\n/b',
      long.repeat(2),
    ],
  },
  fingerprint: {
    schema: fields.fingerprint,
    good: ['0123456789ABCDEF', hex.slice(0, 40).toUpperCase(), hex.toUpperCase()],
    bad: ['0123456789abcdef', '0123456789ABCDE', `${hex.toUpperCase()}0`, '0123456789ABCDEG', ''],
  },
};

describe.each(Object.entries(cases))('the field %s of a lock', (_, { schema, good, bad }) => {
  test.each(good)('takes %j', (value) => {
    expect(schema.parse(value)).toBe(value);
  });

  test.each(bad)('refuses %j', (value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});

test('every field type of locks is tested here', () => {
  expect(Object.keys(cases).sort()).toEqual(Object.keys(fields).sort());
});
