import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { outline, table } from '../../src/ui/layout.ts';
import { createPalette } from '../../src/ui/screen.ts';

const layout = { columns: 50, palette: createPalette(false) };

test('columns are aligned and the last one is wrapped below itself', () => {
  const rows = [
    ['hello', 'static', 'The smallest image: one static program that greets.'],
    ['distroless-cc', 'debs', ''],
  ];
  expect(table(['RECIPE', 'KIND', 'DESCRIPTION'], rows, layout)).toBe(
    [
      'RECIPE         KIND    DESCRIPTION',
      'hello          static  The smallest image: one',
      '                       static program that greets.',
      'distroless-cc  debs',
      '',
    ].join('\n'),
  );
});

test('an outline reads as indented keys', () => {
  const value = { name: 'hello', from: { static: { sources: ['hello.c'], libs: [] } }, files: {} };
  expect(outline(value)).toEqual([
    'name: "hello"',
    'from:',
    '  static:',
    '    sources: ["hello.c"]',
    '    libs: []',
    'files: {}',
  ]);
});

test('an outline is YAML that means the same', () => {
  const key = fc.stringMatching(/^[a-z]{1,8}$/);
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const value = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie('value')), tie('object')),
    object: fc.dictionary(key, tie('value'), { noNullPrototype: true }),
  })).object;
  fc.assert(
    fc.property(value, (object) => {
      const text = outline(object as object).join('\n');
      return isDeepStrictEqual(parse(text) ?? {}, object);
    }),
  );
});
