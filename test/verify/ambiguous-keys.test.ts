import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ambiguousKeys } from '../../src/verify/ambiguous-keys.ts';
import { parseJson } from '../../src/verify/json-file.ts';

const problemOf = (text: string) => ambiguousKeys(text, JSON.parse(text));

describe('ambiguousKeys', () => {
  test.each([
    ['{"manifests":[1],"manifests":[2]}', 'twice'],
    ['{"a":{"b":1,"c":[{"d":1,"d":2}]}}', 'twice'],
    ['{"a":1,"\\u0061":2}', 'twice'],
    ['{"__proto__":1,"__proto__":2}', 'twice'],
    ['{"manifests":[1],"Manifests":[2]}', 'manifests and Manifests'],
    ['{"config":{"User":"app","user":"root"}}', 'User and user'],
    ['[{"layers":1,"LAYERS":2}]', 'layers and LAYERS'],
    ['{"digest":1,"dige\u017ft":2}', 'digest and dige\u017ft'],
    ['{"k":1,"\u212a":2}', 'k and \u212a'],
  ])('finds what engines would read otherwise in %s', (text, words) => {
    expect(problemOf(text)).toContain(words);
    const { value, mismatches } = parseJson('index.json', text, false);
    expect([value, mismatches.length]).toEqual([undefined, 1]);
  });

  test.each([
    '{"config":{"Labels":{"Team":"a","team":"b"}}}',
    '{"annotations":{"A":"1","a":"2"}}',
    '{"a":"b\\": c","d":":","e\\"":{}}',
    '{"a":["x:y",{"a":1}],"b":{"a":{}}}',
    '{"a":["x",":"],"b":"\\\\","c":1}',
  ])('finds nothing in %s', (text) => {
    expect(problemOf(text)).toBeUndefined();
  });

  test('counts the names of any JSON as they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, spaced) => {
        const text = JSON.stringify(value, null, spaced ? 2 : 0);
        expect(problemOf(text) ?? '').not.toContain('twice');
      }),
    );
  });
});
